using CrmServerless.Crm.Replies;
using CrmServerless.WeChat.Api.OfficialAccount;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CrmServerless.Crm.Api;

/// <summary>The media that rules may send: list, read, give, remove. The type follows from the bytes.</summary>
public sealed class MediaApi(MediaAssets assets)
{
    public void Map(OperatorRoutes api)
    {
        api.Get("/api/media", Role.Viewer, List);
        api.Get("/api/media/{name}", Role.Viewer, Read);
        api.Put("/api/media/{name}", Role.Marketer, Save);
        api.Delete("/api/media/{name}", Role.Marketer, Remove);
    }

    private async Task List(HttpContext http, Operator caller) =>
        await http.Write(new ListOf<MediaAsset>(await assets.List(http.RequestAborted), null), ApiJson.Types.ListOfMediaAsset);

    private async Task Read(HttpContext http, Operator caller)
    {
        if (await assets.Find(http.Route("name"), http.RequestAborted) is not { } asset || await assets.Read(asset, http.RequestAborted) is not { } bytes)
        {
            await http.Missing("medium");
            return;
        }

        http.Response.ContentType = asset.ContentType;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private async Task Save(HttpContext http, Operator caller)
    {
        var name = http.Route("name");
        if (!MediaAssets.IsName(name))
        {
            await http.Problem(422, "The name of a medium: 1 to 40 of a-z, 0-9 and -.");
            return;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MediaAssets.MaxBytes + 1;
        if (await http.ReadBody(MediaAssets.MaxBytes) is not { } body) await http.Problem(413, $"A medium has at most {MediaAssets.MaxBytes} bytes.");
        else if (MediaKind.Fault(body) is { } fault) await http.Problem(422, fault);
        else
        {
            var kind = MediaKind.Required(body);
            await http.Write(await assets.Save(name, kind.Type, kind.ContentType, body, caller.Name, http.RequestAborted), ApiJson.Types.MediaAsset);
        }
    }

    private async Task Remove(HttpContext http, Operator caller)
    {
        if (await assets.Remove(http.Route("name"), http.RequestAborted)) http.Response.StatusCode = 204;
        else await http.Missing("medium");
    }
}
