using CloudTicks.LocalServices.Processes;

namespace CloudTicks.LocalServices.Postgres;

/// <summary>The server's process, from its start to its "ready".</summary>
internal sealed record PostgresProcess(ChildProcess Child, LogTail Log, int Port)
{
    private const string Ready = "database system is ready to accept connections";
    private const string PortTaken = "Address already in use";
    private const string FormerServer = "pre-existing shared memory block";
    private const int MostPorts = 5;

    /// <summary>The processes of a server whose main process was killed end when they next look up.</summary>
    private static readonly TimeSpan FormerServerGrace = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FormerServerPoll = TimeSpan.FromMilliseconds(100);

    public static async Task<PostgresProcess> StartAsync(
        LocalInstallation installation, PostgresServerOptions options, ServiceAccount? account, CancellationToken cancellationToken)
    {
        var time = options.Time;
        var began = time.GetTimestamp();
        for (var ports = 1; ;)
        {
            await ProcessNote.RemoveStaleAsync(options.DataFolder, time, cancellationToken);
            var port = options.Port == 0 ? FreePort.Choose() : options.Port;
            var start = await ServerStart.RunAsync(
                ChildOptions(installation, options, account, port), Ready, options.OnLine, time, cancellationToken);
            if (start.ExitCode is not { } exitCode)
            {
                return new PostgresProcess(start.Child, start.Log, port);
            }

            if (start.Log.Contains(PortTaken) && options.Port == 0 && ports < MostPorts)
            {
                ports++;
            }
            else if (start.Log.Contains(FormerServer) && time.GetElapsedTime(began) < FormerServerGrace)
            {
                await Task.Delay(FormerServerPoll, time, cancellationToken);
            }
            else
            {
                throw new InvalidOperationException(
                    $"PostgreSQL did not start on {options.DataFolder}, port {port} (exit code {exitCode}): {start.Log}");
            }
        }
    }

    private static ChildProcessOptions ChildOptions(
        LocalInstallation installation, PostgresServerOptions options, ServiceAccount? account, int port) => new()
        {
            FileName = Path.Combine(installation.PostgresFolder, "postgres"),
            Arguments = ["-D", options.DataFolder, .. PostgresSettings.Arguments(options, port)],
            WorkingFolder = options.DataFolder,
            Inherited = ChildVariables.Server,
            Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C", ["TZ"] = "GMT" },
            RunAs = account,
        };
}
