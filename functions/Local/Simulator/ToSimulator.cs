using CrmServerless.WeChat.Api;

namespace CrmServerless.Local.Simulator;

/// <summary>
/// Sends what is meant for api.weixin.qq.com and qyapi.weixin.qq.com to the simulator in this process, over real HTTP.
/// The two have paths in common (cgi-bin/user/get), so each has a root of its own.
/// </summary>
public sealed class ToSimulator(OwnAddress own) : DelegatingHandler(WeChatHttp.Handler(proxy: false))
{
    private const string WeComHost = "qyapi.weixin.qq.com";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var root = request.RequestUri!.Host == WeComHost ? "/simulator/wecom" : "/simulator/wechat";
        request.RequestUri = new Uri(own.Uri, root + request.RequestUri.PathAndQuery);
        return base.SendAsync(request, cancellationToken);
    }
}

/// <summary>Where this host listens; known once it does.</summary>
public sealed class OwnAddress
{
    private readonly TaskCompletionSource known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Uri? uri;

    /// <exception cref="HttpRequestException">It does not listen yet: a call has surely not been made.</exception>
    public Uri Uri
    {
        get => uri ?? throw new HttpRequestException(HttpRequestError.ConnectionError, "The host does not listen yet.");
        set
        {
            uri = value;
            known.TrySetResult();
        }
    }

    /// <summary>Completes when the host listens.</summary>
    public Task Known => known.Task;
}
