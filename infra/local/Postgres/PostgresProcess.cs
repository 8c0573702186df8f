using CloudTicks.LocalServices.Processes;

namespace CloudTicks.LocalServices.Postgres;

/// <summary>The process of a server that accepts connections, with its log and port.</summary>
internal sealed record PostgresProcess(ChildProcess Child, LogTail Log, int Port)
{
    private const string Ready = "database system is ready to accept connections";
    private const string PortTaken = "Address already in use";
    private const string PreviousServer = "pre-existing shared memory block";
    private const int MaxPortAttempts = 5;

    /// <summary>The time for a killed server's child processes to end, which they do when they next check their parent.</summary>
    private static readonly TimeSpan PreviousServerGrace = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PreviousServerPollInterval = TimeSpan.FromMilliseconds(100);

    public static async Task<PostgresProcess> StartAsync(
        LocalInstallation installation, PostgresServerOptions options, ServiceAccount? account, CancellationToken cancellationToken)
    {
        var time = options.Time;
        var began = time.GetTimestamp();
        for (var portAttempt = 1; ;)
        {
            await PostmasterFile.RemoveStaleAsync(options.DataFolder, time, cancellationToken);
            var port = options.Port == 0 ? FreePort.Choose() : options.Port;
            var start = await ServerStart.RunAsync(
                ChildOptions(installation, options, account, port), Ready, options.OnLine, time, cancellationToken);
            if (start.ExitCode is not { } exitCode)
            {
                return new PostgresProcess(start.Child, start.Log, port);
            }

            if (start.Log.Contains(PortTaken) && options.Port == 0 && portAttempt < MaxPortAttempts)
            {
                portAttempt++;
            }
            else if (start.Log.Contains(PreviousServer) && time.GetElapsedTime(began) < PreviousServerGrace)
            {
                await Task.Delay(PreviousServerPollInterval, time, cancellationToken);
            }
            else
            {
                throw new InvalidOperationException(
                    $"PostgreSQL did not start in {options.DataFolder}, on port {port} (exit code {exitCode}): {start.Log}");
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
