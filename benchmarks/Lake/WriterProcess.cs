using System.Globalization;
using CloudTicks.Benchmarks.Comparing.Machine;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.EventStream;
using CloudTicks.Lake;
using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;
using CloudTicks.LocalServices.Processes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Benchmarks.Lake;

/// <summary>The consumer that LakeTicks runs, in its own process, so that its memory and processor time can be measured.</summary>
internal sealed class WriterProcess : IAsyncDisposable
{
    /// <summary>The argument that makes this program run as the writer process.</summary>
    public const string Argument = "write-lake";

    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CallInterval = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _rowsReached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChildProcess _process = null!;
    private string _lastError = "";

    /// <summary>The process's usage so far.</summary>
    public ProcessReading Reading => ProcessReading.Of(_process.Pid);

    /// <summary>The peak resident memory of the process, in bytes.</summary>
    public long MaxBytes => (ProcessReading.TryRead($"/proc/{_process.Pid}/status") ?? "").Split('\n')
        .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.AsSpan("VmHWM:".Length).Trim().TrimEnd("kB "), CultureInfo.InvariantCulture) << 10).Single();

    /// <summary>Starts the process.</summary>
    /// <param name="hub">The address of the event hub.</param>
    /// <param name="folder">The lake's folder.</param>
    /// <param name="rows">The rows that <see cref="WaitForRowsAsync"/> waits for.</param>
    public static async Task<WriterProcess> StartAsync(string hub, string folder, long rows, CancellationToken cancellationToken)
    {
        var writer = new WriterProcess();
        var installation = await LocalInstallation.EnsureAsync(new InstallationReport(Console.Error), cancellationToken);
        writer._process = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments = [typeof(WriterProcess).Assembly.Location, Argument, hub, folder],
            Environment = new Dictionary<string, string?>
            {
                ["CLOUDTICKS_LIBRDKAFKA"] = installation.Librdkafka,
                ["CLOUDTICKS_LIBDUCKDB"] = await DuckDbInstallation.EnsureAsync(cancellationToken: cancellationToken),
            },
            OnOutput = line =>
            {
                if (long.TryParse(line, CultureInfo.InvariantCulture, out var reached) && reached >= rows)
                {
                    writer._rowsReached.TrySetResult();
                }
            },
            OnError = line => writer._lastError = line,
        });
        return writer;
    }

    /// <summary>
    /// Runs in the writer process: writes the archive's ticks to the lake, and prints the number of rows, until the process is stopped.
    /// </summary>
    public static async Task<int> WriteAsync(string hub, string folder)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:eventhubs"] = hub,
            ["Lake:Folder"] = folder,
        }).Build();
        await using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging()
            .AddEventStream(configuration).AddLake().BuildServiceProvider();
        var consumer = services.GetRequiredService<LakeConsumer>();
        using var timer = new PeriodicTimer(CallInterval);
        do
        {
            await consumer.RunAsync(CancellationToken.None);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{consumer.Status?.Rows ?? 0}"));
        }
        while (await timer.WaitForNextTickAsync());
        return 0;
    }

    /// <summary>Waits until the lake has the expected rows.</summary>
    public async Task WaitForRowsAsync(CancellationToken cancellationToken)
    {
        if (await Task.WhenAny(_rowsReached.Task, _process.Exited).WaitAsync(cancellationToken) != _rowsReached.Task)
        {
            throw new BenchmarkException($"The writer has exited: {_lastError}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.TerminateAsync(StopGrace);
        await _process.DisposeAsync();
    }
}
