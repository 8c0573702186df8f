using System.Globalization;
using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;
using CloudTicks.LocalServices.Parent;
using CloudTicks.LocalServices.Postgres;
using CloudTicks.LocalServices.Processes;

// Starts programs for the tests, which then kill this process: the started programs must not outlive it, and half-finished files must not
// be used.
switch (args)
{
    case ["install"]:
        await LocalInstallation.EnsureAsync(new InstallationReport(Console.Out));
        return 0;

    case ["install", var pauseText]:
        await using (var report = new PausingWriter(Console.Out, pauseText))
        {
            await LocalInstallation.EnsureAsync(new InstallationReport(report));
        }

        return 0;

    case ["child", .. var command]:
        var options = new ChildProcessOptions { FileName = command[0], Arguments = command[1..], OnOutput = Console.WriteLine };
        return await ChildProcess.RunAsync(options, CancellationToken.None);

    case ["postgres", var dataFolder]:
        await using (var server = await PostgresServer.StartAsync(
            await LocalInstallation.EnsureAsync(), new PostgresServerOptions { DataFolder = dataFolder, SharedBuffersMegabytes = 32 }))
        {
            Console.WriteLine(server.Pid.ToString(CultureInfo.InvariantCulture));
            return await server.Exited;
        }

    case ["ports", var count]:
        var ports = Enumerable.Range(0, int.Parse(count, CultureInfo.InvariantCulture)).Select(_ => FreePort.Choose());
        Console.WriteLine($"ports {string.Join(' ', ports)}");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        return 0;

    default:
        Console.Error.WriteLine("install [TEXT_TO_PAUSE_AT] | child COMMAND [ARGUMENT...] | postgres FOLDER | ports COUNT");
        return 2;
}
