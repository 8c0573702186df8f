using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.Benchmarks.Comparing.Running;

/// <summary>The whole system started like <c>dotnet run --project AppHost</c>, in a temporary folder.</summary>
public sealed partial class MeasuredSystem : IAsyncDisposable
{
    /// <summary>The file that AppHost writes into the feed's data folder once all parts that the feed needs are running.</summary>
    private const string ServicesFile = "services.json";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _dataFolder = Directory.CreateTempSubdirectory("cloudticks-benchmark-");
    private readonly HttpClient _http = new();
    private readonly TaskCompletionSource<string> _nats = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChildProcess? _process;
    private JsonElement _services;
    private string _lastLine = "";
    private string _report = "";

    private MeasuredSystem()
    {
    }

    /// <summary>The process id of AppHost.</summary>
    public int Pid => _process!.Pid;

    /// <summary>AppHost's data folder.</summary>
    public string Folder => _dataFolder.FullName;

    /// <summary>When AppHost reported the end of the feed, as a <see cref="Stopwatch.GetTimestamp"/> value; 0 before that.</summary>
    public long FeedEndedAt { get; private set; }

    /// <summary>The address of the central hub.</summary>
    public Uri Hub => Address("hub");

    /// <summary>The address of the event hub.</summary>
    public IPEndPoint EventHub => IPEndPoint.Parse(_services.GetProperty("event_hub").GetString()!);

    /// <summary>The address of the dashboard.</summary>
    public Uri Dashboard => Address("dashboard");

    /// <summary>The address of the collector.</summary>
    public Uri Collector => new(_services.GetProperty("collectors")[0].GetString()!);

    /// <summary>The connection string of the database that has the table.</summary>
    public string Database
    {
        get
        {
            var database = _services.GetProperty("database");
            return $"Host={database.GetProperty("host")};Port={database.GetProperty("port")};Database={database.GetProperty("name")};"
                + $"Username={database.GetProperty("user")};Passfile={database.GetProperty("password_file")}";
        }
    }

    /// <summary>Starts AppHost.</summary>
    /// <param name="rate">Simulated ticks per second.</param>
    /// <param name="program">AppHost's .dll; empty for the one that was built with the benchmark.</param>
    /// <param name="time">
    /// How long the feed runs, such as 60s, before AppHost verifies that every tick arrived; null for a run without end and verification.
    /// </param>
    public static async Task<MeasuredSystem> StartAsync(int rate, string program = "", string? time = null)
    {
        var path = program.Length > 0
            ? program
            : Assembly.GetEntryAssembly()!.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(value => value.Key == "AppHostProgram").Value!;
        var system = new MeasuredSystem();
        string[] endArguments = time is null ? ["--plain"] : ["--for", time, "--json"];
        system._process = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments = [path, "--rate", rate.ToString(CultureInfo.InvariantCulture), "--data", system.Folder, .. endArguments],
            Inherited = ChildVariables.All,
            OnOutput = line => system.Read(line, isReport: time is not null),
            OnError = line => system.Read(line, isReport: false),
        });
        return system;
    }

    /// <summary>Waits until the NATS server listens, which happens before the feed starts.</summary>
    /// <returns>The server's address.</returns>
    public async Task<string> WaitForNatsAsync(CancellationToken cancellationToken) =>
        await Task.WhenAny(_nats.Task, _process!.Exited).WaitAsync(cancellationToken) == _nats.Task ? await _nats.Task : throw EarlyExit();

    /// <summary>Waits until everything is running and the first row is in the table.</summary>
    public async Task WaitForFirstRowAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(StartTimeout);
        var servicesFile = Path.Combine(Folder, "simulated", ServicesFile);
        try
        {
            await UntilAsync(() => Task.FromResult(File.Exists(servicesFile)), timeout.Token);
            using var json = JsonDocument.Parse(await File.ReadAllTextAsync(servicesFile, timeout.Token));
            _services = json.RootElement.Clone();
            await UntilAsync(async () => await CountStoredRowsAsync(timeout.Token) > 0, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BenchmarkException($"The table has no tick after {StartTimeout.TotalMinutes:0} min: {_lastLine}");
        }
    }

    /// <summary>Waits for a task that can complete only while AppHost runs.</summary>
    /// <exception cref="BenchmarkException">AppHost exited first.</exception>
    public async Task<T> WhileRunningAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var result = work(ended.Token);
        if (await Task.WhenAny(result, _process!.Exited) == result)
        {
            return await result;
        }

        await ended.CancelAsync();
        await ((Task)result).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        throw EarlyExit();
    }

    /// <summary>The number of rows stored since the start.</summary>
    public async Task<long> CountStoredRowsAsync(CancellationToken cancellationToken) =>
        (await GetAsync(Hub, "api/v1/status", cancellationToken)).GetProperty("stored").GetInt64();

    /// <summary>Closes the market, as on a weekend: sessions stay open, but no ticks arrive.</summary>
    public async Task CloseMarketAsync(CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsync(new Uri(Address("simulator"), "api/v1/stop"), null, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Reads a JSON response of a service.</summary>
    public async Task<JsonElement> GetAsync(Uri server, string path, CancellationToken cancellationToken)
    {
        using var json = JsonDocument.Parse(await _http.GetStringAsync(new Uri(server, path), cancellationToken));
        return json.RootElement.Clone();
    }

    /// <summary>Waits until the feed has ended and the run was verified.</summary>
    /// <returns>The report.</returns>
    public async Task<JsonElement> WaitForReportAsync(CancellationToken cancellationToken)
    {
        await _process!.Exited.WaitAsync(cancellationToken);
        if (_report.Length == 0)
        {
            throw EarlyExit();
        }

        using var json = JsonDocument.Parse(_report);
        return json.RootElement.Clone();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process!.TerminateAsync(StopGrace);
        await _process.DisposeAsync();
        _dataFolder.Delete(recursive: true);
    }

    private void Read(string line, bool isReport)
    {
        if (isReport && line.StartsWith('{'))
        {
            _report = line;
            return;
        }

        _lastLine = line;
        if (NatsAddress().Match(line) is { Success: true } nats)
        {
            _nats.TrySetResult(nats.Groups["address"].Value);
        }
        else if (line.Contains("the feed has ended", StringComparison.Ordinal))
        {
            FeedEndedAt = Stopwatch.GetTimestamp();
        }
    }

    private async Task UntilAsync(Func<Task<bool>> reached, CancellationToken cancellationToken)
    {
        using var poll = new PeriodicTimer(PollInterval);
        while (!await reached())
        {
            if (_process!.Exited.IsCompleted)
            {
                throw EarlyExit();
            }

            await poll.WaitForNextTickAsync(cancellationToken);
        }
    }

    private Uri Address(string service) => new(_services.GetProperty(service).GetString()!);

    private BenchmarkException EarlyExit() => new($"AppHost has exited: {_lastLine}");

    [GeneratedRegex(@"^nats-1 +\|.*listens on (?<address>[^,\s]+)")]
    private static partial Regex NatsAddress();
}
