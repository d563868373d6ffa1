using CrmServerless.Crm.Replies;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Stages;

public sealed class MediaAssetsTests : IDisposable
{
    private readonly TempStore store = new();
    private readonly MediaAssets assets;

    public MediaAssetsTests() => assets = new MediaAssets(store.Documents, TimeProvider.System);

    public void Dispose() => store.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(360 * 1024)] // one part
    [InlineData((360 * 1024) + 1)]
    [InlineData(1024 * 1024)]
    public async Task A_medium_comes_back_as_it_was_given(int bytes)
    {
        var content = Content(bytes, 1);
        var saved = await assets.Save("brew", "video", "video/mp4", content, "王", default);
        var found = await assets.Find("brew", default);
        Assert.Equal(saved, found);
        Assert.Equal((bytes, "video"), (found!.Bytes, found.Type));
        Assert.Equal(content, await assets.Read(found, default));
    }

    [Fact]
    public async Task A_new_medium_takes_the_name_and_who_still_holds_the_old_one_is_told()
    {
        var old = await assets.Save("brew", "video", "video/mp4", Content(800_000, 1), "王", default);
        var next = await assets.Save("brew", "image", "image/png", Content(10, 2), "李", default);
        Assert.NotEqual(old.Version, next.Version);
        Assert.Equal(Content(10, 2), await assets.Read(next, default));
        Assert.Null(await assets.Read(old, default));
        Assert.Equal(["brew", "tea-menu"], (await assets.List(default)).Select(a => a.Name).Order());
    }

    [Fact]
    public async Task What_is_removed_is_gone_and_what_comes_with_the_program_stays()
    {
        await assets.Save("brew", "image", "image/png", Content(10, 1), "王", default);
        Assert.True(await assets.Remove("brew", default));
        Assert.False(await assets.Remove("brew", default));
        Assert.Null(await assets.Find("brew", default));
        Assert.False(await assets.Remove("tea-menu", default));
        var own = await assets.Find("tea-menu", default);
        Assert.StartsWith("\u0089PNG", System.Text.Encoding.Latin1.GetString((await assets.Read(own!, default))!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_who_give_a_name_something_at_the_same_moment_do_not_mix_their_bytes()
    {
        byte[][] given = [Content(900_000, 1), Content(900_000, 2)];
        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(given.Select(content => Task.Run(async () => await assets.Save("swap", "video", "video/mp4", content, "王", default))));
            var kept = await assets.Read((await assets.Find("swap", default))!, default);
            Assert.Contains(given, content => content.AsSpan().SequenceEqual(kept));
        }
    }

    private static byte[] Content(int bytes, int seed)
    {
        var content = new byte[bytes];
        new Random(seed).NextBytes(content);
        return content;
    }
}
