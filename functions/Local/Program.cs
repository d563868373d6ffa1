using System.Text;
using CrmServerless.Local.Demo;
using CrmServerless.Local.Hosting;

Console.OutputEncoding = Encoding.UTF8;
try
{
    var options = LocalOptions.Parse(args);
    if (options.Help)
    {
        Console.WriteLine(LocalOptions.Usage);
        return 0;
    }

    var settings = LocalSettings.Read(options);
    if (options is { Parent: null, Alone: false, Real: false })
    {
        using var parent = new Parent(args, settings);
        return await parent.Run();
    }

    using var demoClock = options.Demo ? new DemoClock(options.ResumeAt ?? DemoCalendar.NextDay(options.DataFolder)) : null;
    await using var app = await LocalHost.Start(options, settings, demoClock);
    if (options.ResumeAt is null) Greeting.Print(app, options, settings);
    if (demoClock is not null && options.ResumeAt is null) await DemoDay.Play(app, demoClock);
    await app.WaitForShutdownAsync();
    Console.WriteLine("已停止，没有丢失任何事件。");
    return 0;
}
catch (StartException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or FormatException)
{
    Console.Error.WriteLine($"{e.GetType().Name}: {e.Message.Split('\n')[0]}");
    return 1;
}
