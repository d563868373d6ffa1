using System.Text.Json;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Crypto;

namespace CrmServerless.Tests.WeChat;

/// <summary>
/// The files of samples/oa, named after their kind (<c>kind~variant</c> where there are several), in XML and in JSON, and under sealed
/// each of them as it travels, encrypted and signed by openssl. A new file is a new test.
/// </summary>
public sealed class OaSampleTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "samples", "oa");

    private static readonly string[] OnDisk =
        [.. Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    // The rows of D.1 and D.2 of the protocol sheet, by hand.
    private static readonly string[] Documented =
    [
        "text", "image", "voice", "video", "shortvideo", "location", "link",
        "subscribe", "unsubscribe", "SCAN", "LOCATION", "CLICK", "VIEW", "view_miniprogram", "scancode_push", "scancode_waitmsg",
        "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select", "TEMPLATESENDJOBFINISH", "MASSSENDJOBFINISH", "FREEPUBLISHJOBFINISH",
        "kf_create_session", "kf_close_session", "kf_switch_session",
        "user_get_card", "user_del_card", "user_consume_card", "user_pay_from_pay_cell", "user_view_card", "user_gifting_card",
        "submit_membercard_user_info", "update_member_card",
        "subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event",
        "qualification_verify_success", "naming_verify_success", "annual_renew", "verify_expired", "qualification_verify_fail", "naming_verify_fail",
        "user_authorization_revoke", "user_info_modified",
    ];

    private static readonly string[] DocumentedAsGeneric =
        ["miniprogrampage", "file", "guide_qrcode_scan_event", "user_enter_tempsession", "poi_check_notify", "WifiConnected"];

    public static TheoryData<string> FilesOnDisk => [.. OnDisk];

    [Theory]
    [MemberData(nameof(FilesOnDisk))]
    public void A_sample_says_what_the_documentation_says(string file) => AssertExpected(file, File.ReadAllText(Path.Combine(Folder, file)));

    [Theory]
    [MemberData(nameof(FilesOnDisk))]
    public void Its_sealed_form_says_the_same(string file)
    {
        var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "sealed", "manifest.json"))).RootElement;
        var call = manifest.GetProperty("calls").EnumerateArray().Single(c => c.GetProperty("file").GetString() == file);
        string Of(JsonElement element, string name) => element.GetProperty(name).GetString()!;

        Assert.True(SealedEnvelope.TryRead(File.ReadAllBytes(Path.Combine(Folder, "sealed", file)), out var envelope, out var reason), reason);
        Assert.True(CallbackSignature.Matches(
            Of(call, "msgSignature"), Of(manifest, "token"), Of(call, "timestamp"), Of(call, "nonce"), envelope.Encrypt));
        var decrypted = MessageCipher.Decrypt(EncodingAesKey.Parse(Of(manifest, "encodingAesKey")), envelope.Encrypt, Of(manifest, "appId"));
        Assert.Equal(DecryptFailure.None, decrypted.Failure);
        Assert.Equal(("gh_7f083739789a", null), (envelope.ToUserName, envelope.AgentId));
        AssertExpected(file, decrypted.Message);
    }

    [Fact]
    public void Every_kind_has_a_sample_in_both_forms_and_both_sealed()
    {
        var kinds = typeof(Kinds).GetFields().Select(field => (string)field.GetRawConstantValue()!);
        var wanted = kinds.SelectMany(kind => new[] { kind + ".xml", kind + ".json" }).ToList();
        Assert.Empty(wanted.Except(OnDisk));
        Assert.Empty(OnDisk.Except(Directory.EnumerateFiles(Path.Combine(Folder, "sealed")).Select(file => Path.GetFileName(file)!)));
        Assert.Empty(OaSampleExpectations.BySample.Keys.Except(OnDisk.Select(Path.GetFileNameWithoutExtension)!));
    }

    [Fact]
    public void Every_documented_row_has_a_sample_and_is_known()
    {
        var names = OaSampleExpectations.BySample.Values.ToLookup(callback => callback.RawName, callback => callback.Kind, StringComparer.Ordinal);
        Assert.All(Documented, name => Assert.DoesNotContain(".unknown", Assert.Single(names[name].Distinct()), StringComparison.Ordinal));
        Assert.All(DocumentedAsGeneric, name => Assert.EndsWith(".unknown", Assert.Single(names[name]), StringComparison.Ordinal));
    }

    [Theory] // what the platform tells of the account belongs to nobody; what it tells of a customer belongs to that customer
    [InlineData("oa.message.text", OaSampleExpectations.OpenId)]
    [InlineData("oa.template_result", OaSampleExpectations.OpenId)]
    [InlineData("oa.kf.create", OaSampleExpectations.OpenId)]
    [InlineData("oa.card.get", OaSampleExpectations.OpenId)]
    [InlineData("oa.card.sku_remind", null)]
    [InlineData("oa.mass_result", null)]
    [InlineData("oa.publish_result", null)]
    [InlineData("oa.verify.naming_fail", null)]
    [InlineData("oa.user.info_modified", OaSampleExpectations.OpenId)]
    [InlineData("oa.user.authorization_revoke", OaSampleExpectations.OpenId)]
    public void A_sample_is_about_the_customer_it_is_about(string sample, string? customer) => Assert.Equal(customer, Parse(sample + ".xml").Customer);

    [Theory]
    [InlineData("oa.message.unknown.xml", "miniprogrampage", "PagePath", "pages/index")]
    [InlineData("oa.message.unknown.json", "miniprogrampage", "MsgType", "miniprogrampage")]
    [InlineData("oa.event.unknown~guide.xml", "guide_qrcode_scan_event", "GuideScanEvent.qrcode_info", "store-42")]
    [InlineData("oa.event.unknown~guide.json", "guide_qrcode_scan_event", "GuideScanEvent.qrcode_info", "store-42")]
    [InlineData("oa.event.unknown~debug.json", "debug_demo", "debug_str", "hello world")]
    public void Unknown_kinds_keep_their_name_and_every_text(string file, string name, string field, string value)
    {
        var callback = Parse(file);
        Assert.Equal((name, value, "1348831860"), (callback.RawName, callback.Fields[field], callback.Fields["CreateTime"]));
    }

    private static Callback Parse(string file)
    {
        Assert.True(CallbackParser.TryParse(File.ReadAllText(Path.Combine(Folder, file)), out var callback, out var reason), reason);
        return callback;
    }

    private static void AssertExpected(string file, string payload)
    {
        Assert.True(CallbackParser.TryParse(payload, out var callback, out var reason), reason);
        var sample = Path.GetFileNameWithoutExtension(file);
        // The fields of an unknown kind have a test of their own; a dictionary has no equality.
        Assert.Equal(OaSampleExpectations.BySample[sample] with { Fields = callback.Fields }, callback);
        Assert.Equal(sample.Split('~')[0], callback.Kind);
        Assert.Equal(callback.Kind.EndsWith(".unknown", StringComparison.Ordinal), callback.Fields.Count > 0);
        Assert.Equal(callback.Kind, callback.ToString());
    }
}
