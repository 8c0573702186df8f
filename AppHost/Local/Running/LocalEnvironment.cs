using System.Globalization;
using CloudTicks.AppHost.Local.CommandLine;
using CloudTicks.AppHost.Local.Lines;
using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>What the resources of one run share: data folder, ports, installed local services, log lines.</summary>
internal sealed class LocalEnvironment(RunOptions options, string folder, RunLines lines, TimeProvider time) : IDisposable
{
    private const string Librdkafka = "CLOUDTICKS_LIBRDKAFKA";
    private const string Libnats = "CLOUDTICKS_LIBNATS";
    private const string Libduckdb = "CLOUDTICKS_LIBDUCKDB";
    private const int MaxPortAttempts = 5;
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    private readonly PortClaims _ports = new();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private LocalInstallation? _installation;

    public RunOptions Options { get; } = options;

    public RunLines Lines { get; } = lines;

    public TimeProvider Time { get; } = time;

    public PartBoard Parts { get; } = new();

    public string Folder(string name) => Path.Combine(folder, name);

    /// <summary>The lake of the feed, next to the feed's folder; AppHost.cs passes the same path to the functions.</summary>
    public string LakeFolder => Path.Combine(Path.GetDirectoryName(folder)!, "lake", Path.GetFileName(folder));

    /// <summary>The local services, downloaded when a part first needs them.</summary>
    /// <exception cref="LocalServicesUnavailableException">
    /// They are not available on this machine; the message states what to set instead.
    /// </exception>
    public async Task<LocalInstallation> InstallationAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _installation ??= await LocalInstallation.EnsureAsync(new InstallationReport(new SetupWriter(Lines)), cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Sets the paths of the client libraries for this process and, through its environment, for its children.</summary>
    public async Task UseClientLibrariesAsync(CancellationToken cancellationToken)
    {
        if (Options.Lake && !IsSet(Libduckdb))
        {
            Use(Libduckdb, await DuckDbInstallation.EnsureAsync(new InstallationReport(new SetupWriter(Lines)), cancellationToken));
        }

        if (IsSet(Librdkafka) && IsSet(Libnats))
        {
            return;
        }

        var installation = await InstallationAsync(cancellationToken);
        Use(Librdkafka, installation.Librdkafka);
        Use(Libnats, installation.Libnats);
    }

    /// <summary>The preferred port if it is free, otherwise another one, which is logged.</summary>
    public int ChoosePort(string name, int preferred)
    {
        lock (_ports)
        {
            // Claim the port before testing it: the test binds it for a moment, which could fail a part of another AppHost that claimed it.
            if (_ports.TryClaim(preferred))
            {
                if (FreePort.IsFree(preferred))
                {
                    return preferred;
                }

                _ports.Release(preferred);
            }

            int port;
            do
            {
                port = FreePort.Choose();
            }
            while (!_ports.TryClaim(port));
            Lines.Write(name, $"port {preferred} is taken; using port {port}");
            return port;
        }
    }

    /// <summary>Starts a part on free ports, and retries with other ports if another program takes one first.</summary>
    public async Task StartOnPortsAsync(
        string name, IReadOnlyList<(string Name, int Port)> preferred, Func<IReadOnlyList<int>, Task> start,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var ports = preferred.Select(preference => ChoosePort(preference.Name, preference.Port)).ToList();
            try
            {
                await start(ports);
                return;
            }
            catch (Exception exception)
            {
                // Test the ports while they are still claimed, then let the next start use the preferred ports again.
                var taken = string.Join(" and ", ports.Where(port => !FreePort.IsFree(port)));
                lock (_ports)
                {
                    ports.ForEach(_ports.Release);
                }

                if (exception is not (LocalRunException or InvalidOperationException)
                    || attempt == MaxPortAttempts || cancellationToken.IsCancellationRequested || taken.Length == 0)
                {
                    throw;
                }

                Lines.Write(name, LineLevel.Warning, $"another program has taken port {taken} meanwhile; {name} starts on another port");
            }
        }
    }

    public async Task<RunningProcess> StartServiceAsync(
        string name, string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> settings,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var environment = new Dictionary<string, string?>
        {
            ["DOTNET_ENVIRONMENT"] = "Production",
            ["DOTNET_gcServer"] = "0",
            ["LOG_LEVEL"] = Options.LogLevel,
            ["LOG_JSON"] = Options.LogJson ? "true" : "false",
        };
        foreach (var (setting, value) in settings)
        {
            environment[setting] = value;
        }

        var (fileName, allArguments) = DotNetProgram.Start(program, arguments);
        var child = await ChildProcess.StartAsync(
            new ChildProcessOptions
            {
                FileName = fileName,
                Arguments = allArguments,
                Inherited = ServiceVariables.Of(program),
                Environment = environment,
                OnOutput = line => Lines.Forward(name, line, isError: false),
                OnError = line => Lines.Forward(name, line, isError: true),
            },
            Time);
        return new RunningProcess(
            child.Exited, () => child.TerminateAsync(StopGrace), child.Kill,
            string.Create(CultureInfo.InvariantCulture, $"started, process {child.Pid}"));
    }

    public void Dispose()
    {
        _gate.Dispose();
        _ports.Dispose();
    }

    private static bool IsSet(string name) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name));

    private static void Use(string name, string path)
    {
        if (!IsSet(name))
        {
            Environment.SetEnvironmentVariable(name, path);
        }
    }
}
