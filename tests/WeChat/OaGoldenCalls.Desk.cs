namespace CrmServerless.Tests.WeChat;

internal static partial class OaGoldenCalls
{
    private static readonly DateOnly Dec7 = new(2014, 12, 7);

    private static void Desk()
    {
        Answers("customservice.getkflist", api => api.GetKfList(A), list =>
        {
            Assert.Equal([("test1@test", "1001", "ntest1", "kfwx1", null), ("test3@test", "1003", "ntest3", null, "waiting")], list.Accounts.Select(a => (a.Account, a.KfId, a.KfNick, a.KfWx, a.InviteStatus)));
            Assert.Equal((123456789, "kfwx3", null), (list.Accounts[1].InviteExpireTime, list.Accounts[1].InviteWx, list.Accounts[1].KfHeadimgurl));
        });
        Answers("customservice.getonlinekflist", api => api.GetOnlineKfList(A), list => Assert.Equal(
            [("test1@test", "1001", 1, 1), ("test2@test", "1002", 1, 2)], list.Online.Select(a => (a.KfAccount, a.KfId, a.Status, a.AcceptedCase))));
        Does("customservice.kfaccount.add", api => api.KfAccountAdd(A, "test1@test", "客服1"));
        Does("customservice.kfaccount.update", api => api.KfAccountUpdate(A, "test1@test", "客服1"));
        Does("customservice.kfaccount.inviteworker", api => api.KfAccountInviteWorker(A, "test1@test", "test_kfwx"));
        Does("customservice.kfaccount.del", api => api.KfAccountDel(A, "test1@test"));
        byte[] portrait = [0xFF, 0xD8, 0xFF, 0xE0, .. "portrait"u8];
        Does("customservice.kfaccount.uploadheadimg", api => api.KfAccountUploadHeadImg(A, "test1@test", portrait));
        Does("customservice.kfsession.create", api => api.KfSessionCreate(A, "test1@test", "OPENID"));
        Does("customservice.kfsession.close", api => api.KfSessionClose(A, "test1@test", "OPENID"));
        Answers("customservice.kfsession.getsession", api => api.KfSessionGetSession(A, "OPENID"), s => Assert.Equal(("test1@test", 123456789), (s.KfAccount, s.Createtime)));
        Answers("customservice.kfsession.getsession~nobody", api => api.KfSessionGetSession(A, "OPENID"), s => Assert.Null(s.KfAccount));
        Answers("customservice.kfsession.getsessionlist", api => api.KfSessionGetSessionList(A, "test1@test"), list => Assert.Equal(
            [("OPENID", 123456789), ("OPENID2", 123456790)], list.Sessions.Select(s => (s.Openid, s.Createtime))));
        Answers("customservice.kfsession.getwaitcase", api => api.KfSessionGetWaitCase(A), waiting =>
        {
            Assert.Equal(150, waiting.Count);
            Assert.Equal([("OPENID", 123456789), ("OPENID2", 123456790)], waiting.Cases.Select(c => (c.Openid, c.LatestTime)));
        });
        var noon = DateTimeOffset.FromUnixTimeSeconds(1464710400);
        Answers("customservice.msgrecord.getmsglist", api => api.MsgRecordGetMsgList(A, noon, noon.AddDays(1), 1, 10000), page =>
        {
            Assert.Equal([(2002, " 您好，客服test1为您服务。", 1464710500), (2003, "你好，有什么事情?", 1464710531)], page.Recordlist.Select(r => (r.Opercode, r.Text, r.Time)));
            Assert.Equal((2, 20165267, "test1@test"), (page.Number, page.Msgid, page.Recordlist[0].Worker));
        });
    }

    private static void Figures()
    {
        DateOnly dec1 = new(2014, 12, 1), dec2 = new(2014, 12, 2), dec8 = new(2014, 12, 8), dec28 = new(2014, 12, 28), dec30 = new(2014, 12, 30);
        Answers("datacube.getusersummary", api => api.DatacubeGetUserSummary(A, dec2, Dec7), list => Assert.Equal(
            [(Dec7, 0, 3, 1)], list.Rows.Select(r => (r.RefDate, r.UserSource, r.NewUser, r.CancelUser))));
        Answers("datacube.getusercumulate", api => api.DatacubeGetUserCumulate(A, dec2, Dec7), list => Assert.Equal([(Dec7, 1217056)], list.Rows.Select(r => (r.RefDate, r.CumulateUser))));
        Answers("datacube.getupstreammsg", api => api.DatacubeGetUpstreamMsg(A, dec2, Dec7), list => Assert.Equal(
            [(Dec7, null, 1, 282, 817)], list.Rows.Select(r => (r.RefDate, r.RefHour, r.MsgType, r.MsgUser, r.MsgCount))));
        Answers("datacube.getupstreammsghour", api => api.DatacubeGetUpstreamMsgHour(A, Dec7), list => Assert.Equal(
            [(Dec7, 0, 10), (Dec7, 2300, 11)], list.Rows.Select(r => (r.RefDate, r.RefHour!.Value, r.MsgCount))));
        Answers("datacube.getupstreammsgweek", api => api.DatacubeGetUpstreamMsgWeek(A, dec8, dec28), list => Assert.Equal([(dec8, 27)], list.Rows.Select(r => (r.RefDate, r.MsgCount))));
        Answers("datacube.getupstreammsgmonth", api => api.DatacubeGetUpstreamMsgMonth(A, dec1, dec30), list => Assert.Equal([(dec1, 42206)], list.Rows.Select(r => (r.RefDate, r.MsgCount))));
        Answers("datacube.getupstreammsgdist", api => api.DatacubeGetUpstreamMsgDist(A, Dec7, dec8), list => Assert.Equal(
            [(Dec7, 1, 246)], list.Rows.Select(r => (r.RefDate, r.CountInterval, r.MsgUser))));
        Answers("datacube.getupstreammsgdistweek", api => api.DatacubeGetUpstreamMsgDistWeek(A, Dec7, dec28), list => Assert.Equal([(1, 246)], list.Rows.Select(r => (r.CountInterval, r.MsgUser))));
        Answers("datacube.getupstreammsgdistmonth", api => api.DatacubeGetUpstreamMsgDistMonth(A, dec1, dec30), list => Assert.Equal([(3, 246)], list.Rows.Select(r => (r.CountInterval, r.MsgUser))));
        Answers("datacube.getinterfacesummary", api => api.DatacubeGetInterfaceSummary(A, Dec7, dec8), list => Assert.Equal(
            [(Dec7, 36974, 67, 14994291, 5044)], list.Rows.Select(r => (r.RefDate, r.CallbackCount, r.FailCount, r.TotalTimeCost, r.MaxTimeCost))));
        Answers("datacube.getinterfacesummaryhour", api => api.DatacubeGetInterfaceSummaryHour(A, dec1), list => Assert.Equal(
            [(dec1, 0, 331)], list.Rows.Select(r => (r.RefDate, r.RefHour!.Value, r.CallbackCount))));
    }

    private static void Quotas()
    {
        Does("clear_quota", api => api.ClearQuota(A));
        Answers("openapi.quota.get", api => api.QuotaGet(A, "cgi-bin/message/custom/send"), quota =>
        {
            Assert.Equal((100000000, 20, 99999980), (quota.Quota.DailyLimit, quota.Quota.Used, quota.Quota.Remain));
            Assert.Equal((60000, 60), (quota.RateLimit!.CallCount, quota.RateLimit.RefreshSecond));
        });
        Answers("openapi.rid.get", api => api.RidGet(A, "61725984-6126f6f9-040f19c4"), rid =>
        {
            Assert.Equal((1635156704, 30, "", "113.xx.70.51"), (rid.InvokeTime, rid.CostInMs, rid.RequestBody, rid.ClientIp));
            Assert.Equal("""{"errcode":45009,"errmsg":"reach max api daily quota limit rid: 617682e0-09059ac5-34a8e2ea"}""", rid.ResponseBody);
        });
        Answers("getcallbackip", api => api.GetCallbackIp(A), ips => Assert.Equal(["127.0.0.1", "127.0.0.2", "101.226.103.0/25"], ips.Addresses));
        Answers("get_api_domain_ip", api => api.GetApiDomainIp(A), ips => Assert.Equal(["101.89.47.18", "101.91.34.103"], ips.Addresses));
    }
}
