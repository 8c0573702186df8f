using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.Benchmarks.HotChange;

/// <summary>The whole system as <c>dotnet run --project AppHost</c> runs it, and where its parts listen, as its lines tell.</summary>
internal sealed partial class RunningSystem : IAsyncDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cloudticks-benchmark-");
    private readonly TaskCompletionSource<string> _hub = Awaited();
    private readonly TaskCompletionSource<string> _nats = Awaited();
    private readonly TaskCompletionSource<string> _timescale = Awaited();
    private readonly TaskCompletionSource<string> _firstTick = Awaited();
    private ChildProcess? _process;
    private string _lastLine = "";
    private string _report = "";

    /// <summary>Where the central hub is.</summary>
    public Task<string> Hub => EndedOr(_hub);

    /// <summary>Where NATS is, host and port.</summary>
    public Task<string> Nats => EndedOr(_nats);

    /// <summary>The connection string of the table.</summary>
    public Task<string> Timescale => EndedOr(_timescale);

    /// <summary>Completes when the feed runs.</summary>
    public Task FirstTick => EndedOr(_firstTick);

    public static async Task<RunningSystem> StartAsync(int rate, TimeSpan time)
    {
        var system = new RunningSystem();
        var program = typeof(RunningSystem).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(value => value.Key == "AppHostProgram").Value!;
        system._process = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments =
            [
                program, "--for", string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0}s"), "--rate",
                rate.ToString(CultureInfo.InvariantCulture),
                "--data", system._data.FullName, "--json",
            ],
            Inherited = ChildVariables.All,
            OnOutput = line => system._report = line,
            OnError = system.Read,
        });
        return system;
    }

    /// <summary>Waits until the feed has ended and everything was proved.</summary>
    /// <returns>The report.</returns>
    public async Task<JsonElement> ReportAsync(CancellationToken cancellationToken)
    {
        await _process!.Exited.WaitAsync(cancellationToken);
        if (!_report.StartsWith('{'))
        {
            throw Ended();
        }

        using var json = JsonDocument.Parse(_report);
        return json.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        await _process!.TerminateAsync(TimeSpan.FromSeconds(20));
        await _process.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private void Read(string line)
    {
        _lastLine = line;
        Take(_hub, FunctionsAddress().Match(line));
        Take(_nats, NatsAddress().Match(line));
        if (PsqlCommand().Match(line) is { Success: true } psql)
        {
            _timescale.TrySetResult(
                $"Host=127.0.0.1;Port={psql.Groups["port"].Value};Username=postgres;"
                    + $"Passfile={psql.Groups["file"].Value};Database={psql.Groups["name"].Value}");
        }

        if (line.Contains("the first tick is here", StringComparison.Ordinal))
        {
            _firstTick.TrySetResult(line);
        }
    }

    private static void Take(TaskCompletionSource<string> awaited, Match match)
    {
        if (match.Success)
        {
            awaited.TrySetResult(match.Groups["address"].Value);
        }
    }

    private async Task<string> EndedOr(TaskCompletionSource<string> awaited) =>
        await Task.WhenAny(awaited.Task, _process!.Exited) == awaited.Task ? await awaited.Task : throw Ended();

    private BenchmarkException Ended() => new($"AppHost has ended: {_lastLine}");

    private static TaskCompletionSource<string> Awaited() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [GeneratedRegex(@"^functions +\|.*Now listening on: (?<address>http://\S+)")]
    private static partial Regex FunctionsAddress();

    [GeneratedRegex(@"^nats-1 +\|.*listens on (?<address>[^,\s]+)")]
    private static partial Regex NatsAddress();

    [GeneratedRegex(@"PGPASSFILE='(?<file>[^']+)' psql .*-p (?<port>\d+) .* (?<name>\S+)$")]
    private static partial Regex PsqlCommand();
}
