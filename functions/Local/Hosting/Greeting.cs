namespace CrmServerless.Local.Hosting;

/// <summary>What runs where, what to try, how to stop.</summary>
public static class Greeting
{
    public static void Print(WebApplication app, LocalOptions options, LocalSettings settings)
    {
        var url = LocalHost.Address(app).ToString().TrimEnd('/');
        var account = settings.Accounts.All.First().Name;
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), options.DataFolder);
        var folder = relative.StartsWith("..", StringComparison.Ordinal) ? options.DataFolder : relative;
        Console.WriteLine($"CrmServerless 已启动{(options.Demo ? "（演示：上海时间的一天，约一分钟）" : "")}");
        Console.WriteLine($"  页面 page      {url}/");
        Console.WriteLine($"  回调 callback  {url}/api/wechat/{account}");
        Console.WriteLine($"  微信 WeChat    {(options.Real ? "真实接口 api.weixin.qq.com" : "本机模拟器，无需账号")}   设置 {Path.GetFileName(settings.File)}   数据 {folder}");
        if (options.ReceiveOnly) Console.WriteLine("  只收不办：回调照收照存，各环节都不运行；去掉 --receive-only 再启动，就会接着办。");
        else if (!options.Demo) Console.WriteLine("  试一试：打开页面，点「关注」，发一句「我要维权」，看右边的红色警报。");
        Console.WriteLine($"  停止 Ctrl-C；清除数据：删除文件夹 {folder}");
    }
}
