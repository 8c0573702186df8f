using System.Globalization;
using System.Reflection;
using System.Text.Json;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.LocalServices.Processes;
using CloudTicks.Verification.Places;

namespace CloudTicks.Benchmarks.Cost;

/// <summary>The whole system as <c>dotnet run --project AppHost</c> runs it, without an end and without a proof.</summary>
internal sealed class MeasuredSystem : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(20);

    private static readonly JsonSerializerOptions Form = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cloudticks-cost-");
    private readonly HttpClient _http = new();
    private ChildProcess? _process;
    private RunningSystem? _addresses;
    private string _lastLine = "";

    public int Pid => _process!.Pid;

    /// <summary>The folder of its data.</summary>
    public string Folder => _data.FullName;

    private RunningSystem Addresses => _addresses ?? throw new InvalidOperationException("It has not started.");

    /// <summary>Starts it and waits for the first row.</summary>
    /// <param name="program">AppHost's .dll; empty for the one that was built with the benchmark.</param>
    public static async Task<MeasuredSystem> StartAsync(int rate, string program, CancellationToken cancellationToken)
    {
        var system = new MeasuredSystem();
        try
        {
            await system.BeginAsync(rate, program, cancellationToken);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>Rows since the start.</summary>
    public async Task<long> StoredAsync(CancellationToken cancellationToken) =>
        (await GetAsync(Addresses.Hub, "api/v1/status", cancellationToken)).GetProperty("stored").GetInt64();

    /// <summary>How long ticks of the last seconds took, as the page shows it.</summary>
    public async Task<IReadOnlyList<HopTime>> LatencyAsync(CancellationToken cancellationToken)
    {
        var snapshot = await GetAsync(Addresses.Dashboard!, "api/page/pipeline?once=true", cancellationToken);
        return snapshot.GetProperty("latency").Deserialize<List<HopTime>>(Form)!;
    }

    /// <summary>Ends the feed, as on a weekend: sessions stay, and no tick comes.</summary>
    public async Task CloseMarketAsync(CancellationToken cancellationToken)
    {
        using var answer = await _http.PostAsync(new Uri(Addresses.Simulator!, "api/v1/stop"), null, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is not null)
        {
            await _process.TerminateAsync(StopGrace);
            await _process.DisposeAsync();
        }

        _data.Delete(recursive: true);
    }

    private async Task BeginAsync(int rate, string program, CancellationToken cancellationToken)
    {
        var path = program.Length > 0
            ? program
            : typeof(MeasuredSystem).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(value => value.Key == "AppHostProgram").Value!;
        _process = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments = [path, "--rate", rate.ToString(CultureInfo.InvariantCulture), "--data", _data.FullName, "--plain"],
            Inherited = ChildVariables.All,
            OnOutput = line => _lastLine = line,
            OnError = line => _lastLine = line,
        });
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StartPatience);
        var note = Path.Combine(_data.FullName, "simulated", RunningSystem.FileName);
        await UntilAsync(() => Task.FromResult(File.Exists(note)), patience.Token);
        _addresses = JsonSerializer.Deserialize<RunningSystem>(await File.ReadAllTextAsync(note, cancellationToken), Form);
        await UntilAsync(async () => await StoredAsync(patience.Token) > 0, patience.Token);
    }

    private async Task UntilAsync(Func<Task<bool>> reached, CancellationToken cancellationToken)
    {
        using var poll = new PeriodicTimer(PollInterval);
        while (!await reached())
        {
            if (_process!.Exited.IsCompleted)
            {
                throw new BenchmarkException($"AppHost has ended: {_lastLine}");
            }

            await poll.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task<JsonElement> GetAsync(Uri server, string path, CancellationToken cancellationToken)
    {
        using var json = JsonDocument.Parse(await _http.GetStringAsync(new Uri(server, path), cancellationToken));
        return json.RootElement.Clone();
    }
}
