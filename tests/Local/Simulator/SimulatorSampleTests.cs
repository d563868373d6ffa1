using System.Text.Json;
using CrmServerless.Local.Simulator.Front;
using CrmServerless.Local.Simulator.OfficialAccount;
using CrmServerless.Local.Simulator.WeCom;

namespace CrmServerless.Tests.Local.Simulator;

/// <summary>
/// The documented requests that the typed clients make, put to the simulator, which was written apart from them: it must
/// know each API and have nothing to say of any field. What it answers to made-up ids is another matter.
/// </summary>
public sealed class SimulatorSampleTests : IDisposable
{
    private readonly SimulatorRig rig = new();

    public void Dispose() => rig.Dispose();

    public static TheoryData<string, string> Samples
    {
        get
        {
            var samples = new TheoryData<string, string>();
            foreach (var api in new[] { "oa", "wecom" })
                foreach (var file in Directory.EnumerateFiles(Folder(api)).Order(StringComparer.Ordinal)) samples.Add(api, Path.GetFileNameWithoutExtension(file));
            return samples;
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_documented_request_is_understood(string api, string name)
    {
        using var sample = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Folder(api), name + ".json")));
        var path = sample.RootElement.Text("path");
        // Customer service by WeChat (微信客服) is not played.
        if (path.StartsWith("cgi-bin/kf/", StringComparison.Ordinal)) return;
        var platform = api == "oa" ? (Platform)rig.Get<OaPlatform>() : rig.Get<WeComPlatform>();
        var known = Assert.Single(platform.Apis, a => a.Path == path);
        Assert.Equal(sample.RootElement.Text("method"), known.Method);
        if (sample.RootElement.Member("request") is not { ValueKind: JsonValueKind.Object } request) return;
        var (json, fault) = StrictBody.Parse(SimulatorRig.Bytes(request.GetRawText()));
        Assert.Equal(BodyFault.None, fault);
        Assert.Null(Shape(path, json!.Value.Text("msgtype"), known).Check(json.Value, ""));
    }

    // Of a message the form depends on its type.
    private static Shape Shape(string path, string type, Api api) => path switch
    {
        "cgi-bin/message/custom/send" => CustomMessageShapes.Of(type)!,
        "cgi-bin/message/send" => WeComStaffMessages.Shapes[type],
        _ => api.Body!,
    };

    private static string Folder(string api) => Path.Combine(AppContext.BaseDirectory, "samples", "api", api);
}
