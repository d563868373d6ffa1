using System.Text;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Callbacks.WeCom;
using CrmServerless.WeChat.Crypto;

namespace CrmServerless.Tests.WeChat;

/// <summary>Every row of section E of the protocol's fact sheet: a new file is a new test, and each row has a file.</summary>
public sealed class WeComSampleTests
{
    private const string Contact = "change_external_contact", Chat = "change_external_chat", Tag = "change_external_tag";
    private const string Link = "customer_acquisition", Book = "change_contact";

    // Written down by hand from section E: what WeCom calls it, and the kind that section K makes of it.
    private static readonly (string Name, string Change, string Kind)[] Rows =
    [
        ("text", "", "wecom.message.text"), ("image", "", "wecom.message.image"), ("voice", "", "wecom.message.voice"),
        ("video", "", "wecom.message.video"), ("location", "", "wecom.message.location"), ("link", "", "wecom.message.link"),
        ("subscribe", "", "wecom.agent.subscribe"), ("unsubscribe", "", "wecom.agent.unsubscribe"), ("enter_agent", "", "wecom.enter_agent"),
        ("LOCATION", "", "wecom.location_report"), ("click", "", "wecom.menu.click"), ("view", "", "wecom.menu.view"),
        ("view_miniprogram", "", "wecom.menu.view_miniprogram"), ("scancode_push", "", "wecom.menu.scancode_push"),
        ("scancode_waitmsg", "", "wecom.menu.scancode_waitmsg"), ("pic_sysphoto", "", "wecom.menu.pic_sysphoto"),
        ("pic_photo_or_album", "", "wecom.menu.pic_photo_or_album"), ("pic_weixin", "", "wecom.menu.pic_weixin"),
        ("location_select", "", "wecom.menu.location_select"), ("batch_job_result", "", "wecom.batch_job_result"),
        ("template_card_event", "", "wecom.card.click"), ("template_card_menu_event", "", "wecom.card.menu"),
        ("open_approval_change", "", "wecom.approval.open"), ("sys_approval_change", "", "wecom.approval.sys"),
        ("share_agent_change", "", "wecom.agent.share_agent_change"), ("share_chain_change", "", "wecom.agent.share_chain_change"),
        ("inactive_alert", "", "wecom.agent.inactive_alert"), ("close_inactive_agent", "", "wecom.agent.close_inactive_agent"),
        ("reopen_inactive_agent", "", "wecom.agent.reopen_inactive_agent"), ("low_active_alert", "", "wecom.agent.low_active_alert"),
        ("low_active", "", "wecom.agent.low_active"), ("active_restored", "", "wecom.agent.active_restored"),
        ("security", "change_domain_ip", "wecom.security.change_domain_ip"),
        (Book, "create_user", "wecom.staff.create_user"), (Book, "update_user", "wecom.staff.update_user"), (Book, "delete_user", "wecom.staff.delete_user"),
        (Book, "create_party", "wecom.staff.create_party"), (Book, "update_party", "wecom.staff.update_party"),
        (Book, "delete_party", "wecom.staff.delete_party"), (Book, "update_tag", "wecom.staff.update_tag"),
        (Contact, "add_external_contact", "wecom.customer.added"), (Contact, "add_half_external_contact", "wecom.customer.half_added"),
        (Contact, "edit_external_contact", "wecom.customer.edited"), (Contact, "del_external_contact", "wecom.customer.deleted_by_staff"),
        (Contact, "del_follow_user", "wecom.customer.lost"), (Contact, "transfer_fail", "wecom.customer.transfer_failed"),
        (Contact, "msg_audit_approved", "wecom.archive.approved"),
        (Chat, "create", "wecom.chat.created"), (Chat, "dismiss", "wecom.chat.dismissed"), (Chat, "update add_member", "wecom.chat.member_added"),
        (Chat, "update del_member", "wecom.chat.member_left"), (Chat, "update change_owner", "wecom.chat.owner_changed"),
        (Chat, "update change_name", "wecom.chat.renamed"), (Chat, "update change_notice", "wecom.chat.notice_changed"),
        (Tag, "create", "wecom.tag.created"), (Tag, "update", "wecom.tag.updated"), (Tag, "delete", "wecom.tag.deleted"), (Tag, "shuffle", "wecom.tag.shuffled"),
        (Link, "balance_low", "wecom.acquisition.balance_low"), (Link, "balance_exhausted", "wecom.acquisition.balance_exhausted"),
        (Link, "balance_increased", "wecom.acquisition.balance_increased"), (Link, "link_unavailable", "wecom.acquisition.link_unavailable"),
        (Link, "delete_link", "wecom.acquisition.delete_link"), (Link, "quota_expire_soon", "wecom.acquisition.quota_expire_soon"),
        (Link, "open_profile", "wecom.acquisition.open_profile"), (Link, "friend_request", "wecom.acquisition.friend_request"),
        (Link, "customer_start_chat", "wecom.acquisition.customer_start_chat"), (Link, "del_follow_user", "wecom.acquisition.del_follow_user"),
        (Link, "message_from_customer", "wecom.acquisition.message_from_customer"),
        (Link, "service_balance_low", "wecom.acquisition.service_balance_low"), (Link, "service_balance_exhausted", "wecom.acquisition.service_balance_exhausted"),
        (Link, "service_balance_consumed", "wecom.acquisition.service_balance_consumed"), (Link, "change_price", "wecom.acquisition.change_price"),
        ("customer_acquisition_permit_change", "", "wecom.acquisition.permit_change"),
        ("kf_msg_or_event", "", "wecom.kf.notify"), ("kf_account_auth_change", "", "wecom.kf.auth_changed"), ("msgaudit_notify", "", "wecom.archive.notify"),
    ];

    public static TheoryData<string> Files => [.. WeComSamples.OnDisk];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_sample_parses_into_the_kind_it_is_named_after(string file)
    {
        var callback = WeComSamples.Parse(WeComSamples.Text(file));

        Assert.Equal(WeComSamples.KindOf(file), callback.Kind);
        Assert.Equal(("ww1234567890abcdef", 1772416790), (callback.ToUserName, callback.CreateTime));
        Assert.Equal(callback.Kind.StartsWith(WeComKinds.Messages, StringComparison.Ordinal), callback.MsgId > 0);
        Assert.Equal(callback.Kind.EndsWith(".unknown", StringComparison.Ordinal), callback.Fields.Count > 0);
        if (file.Contains("@suite", StringComparison.Ordinal)) Assert.Equal(("wwsuite0123456789a", ""), (callback.SuiteId, callback.FromUserName));
        // Whatever it carries, in a log it is its kind.
        Assert.Equal(callback.Kind, callback.ToString());
        Assert.Equal(callback.Kind, $"{callback}");
    }

    [Fact]
    public void Every_row_of_section_E_has_a_sample_of_its_name_and_kind()
    {
        foreach (var (name, change, kind) in Rows)
        {
            Assert.Contains(kind + ".xml", WeComSamples.OnDisk);
            var (text, callback) = (WeComSamples.Text(kind + ".xml"), WeComSamples.Parse(WeComSamples.Text(kind + ".xml")));
            Assert.Equal(name, callback.RawName);
            var parts = change.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(parts.FirstOrDefault(), callback.ChangeType);
            if (parts is [_, var detail]) Assert.Contains($"<UpdateDetail><![CDATA[{detail}]]>", text, StringComparison.Ordinal);
        }

        // And no sample is of a row that is not there.
        Assert.Empty(WeComSamples.OnDisk.Select(WeComSamples.KindOf).Except([.. Rows.Select(r => r.Kind), WeComKinds.UnknownMessage, WeComKinds.UnknownEvent]));
        Assert.Equal(77, Rows.Select(r => r.Kind).Distinct().Count());
    }

    [Fact]
    public void Every_kind_that_is_named_has_a_sample()
    {
        var names = typeof(WeComKinds).GetFields().Select(field => (string)field.GetRawConstantValue()!).Where(name => !name.EndsWith('.'));
        Assert.Empty(names.Except(WeComSamples.OnDisk.Select(WeComSamples.KindOf)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_sealed_sample_opens_to_the_plain_one(string file)
    {
        var (body, token, keyText, call) = WeComSamples.Sealed(file);
        Assert.True(SealedEnvelope.TryRead(body, out var envelope, out _));
        Assert.True(CallbackSignature.Matches(call.MsgSignature, token, call.Timestamp, call.Nonce, envelope.Encrypt));
        var key = EncodingAesKey.Parse(keyText);
        var decrypted = MessageCipher.Decrypt(key, envelope.Encrypt, call.ReceiveId);
        Assert.Equal((DecryptFailure.None, WeComSamples.Text(file)), (decrypted.Failure, decrypted.Message));
        Assert.Equal(DecryptFailure.ReceiveId, MessageCipher.Decrypt(key, envelope.Encrypt, "ww0000000000000000").Failure);
        Assert.Equal(WeComSamples.KindOf(file), WeComSamples.Parse(decrypted.Message).Kind);
        Assert.InRange(Encoding.UTF8.GetByteCount(decrypted.Message), 1, 8 * 1024);
    }
}
