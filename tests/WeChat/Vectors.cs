using System.Text;
using CrmServerless.WeChat.Crypto;

namespace CrmServerless.Tests.WeChat;

/// <summary>The documented examples (numbers as in the protocol sheet, section B.6).</summary>
internal static class Vectors
{
    /// <summary>1: Official Account, safe mode, official page.</summary>
    public static readonly Vector OfficialAccount = new(
        "AAAAA", new string('A', 43), "wxba5fad812f8e6fb9", "1714112445", "415670741", "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3", "a8eedb185eb2fecf",
        "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=",
        """{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}""");

    /// <summary>2: the reply to 1.</summary>
    public static readonly Vector OfficialAccountReply = OfficialAccount with
    {
        Timestamp = "1713424427",
        Signature = "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1",
        Random = "707722b803182950",
        Encrypt = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==",
        Message = """{"demo_resp":"good luck"}""",
    };

    /// <summary>A.2: the WeCom verification, official page.</summary>
    public static readonly Vector WeComVerification = new(
        "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7", "1409659589", "263014780", "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "c41b64491c2468d0",
        "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
        "1616140317555161061");

    /// <summary>5: the WeCom verification of the wechatpy library; its random bytes are not documented.</summary>
    public static readonly Vector WechatpyVerification = new(
        "123456", "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR", "wx49f0ab532d5d035a", "1411443780", "437374425", "dd6b9c95b495b3f7e2901bfbc76c664930ffdb96", null,
        "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q==",
        "5927782489442352469");

    /// <summary>6: the official Java sample; it documents no signature.</summary>
    public static readonly Vector JavaSample = new(
        "pamtest", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wxb11529c136998cb6", "", "", null, "aaaabbbbccccdddd",
        "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==",
        "我是中文abcd123");

    /// <summary>4: the WeCom message of the official page, whose padding is 30.</summary>
    public static readonly (string Timestamp, string Nonce, string Signature, string Encrypt) WeComMessage = (
        "1409659813", "1372623149", "477715d11cdb4164915debcba66cb864d751f3e6",
        "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==");

    internal sealed record Vector(
        string Token, string Key, string ReceiveId, string Timestamp, string Nonce, string? Signature, string? Random, string Encrypt, string Message)
    {
        public EncodingAesKey AesKey => EncodingAesKey.Parse(Key);

        public byte[] RandomBytes => Encoding.ASCII.GetBytes(Random!);
    }
}
