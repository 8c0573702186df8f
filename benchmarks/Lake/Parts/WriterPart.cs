using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Running;
using CloudTicks.Benchmarks.Hub;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Topics;
using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;
using CloudTicks.Ticks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Benchmarks.Lake.Parts;

/// <summary>Measures the writer in its own process: its memory with a long backlog, and its processor time in a running system.</summary>
internal static class WriterPart
{
    private const double BytesPerMegabyte = 1e6;

    /// <summary>The time after which the writer's code is compiled and its first two rounds are written.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(130);

    /// <summary>The measured time: two rounds of the writer, which starts a round every minute.</summary>
    private static readonly TimeSpan MeasuredTime = TimeSpan.FromSeconds(120);

    public static async IAsyncEnumerable<LakeFigure> MemoryAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var installation = await LocalInstallation.EnsureAsync(new InstallationReport(Console.Error), cancellationToken);
        Environment.SetEnvironmentVariable("CLOUDTICKS_LIBRDKAFKA", installation.Librdkafka);
        var folder = Directory.CreateTempSubdirectory("cloudticks-lake-");
        try
        {
            await using var hub = await HubProgram.StartAsync(Path.Combine(folder.FullName, "hub"), cancellationToken);
            await ProduceAsync(hub.Address.ToString(), count, cancellationToken);
            await using var writer = await WriterProcess.StartAsync(
                hub.Address.ToString(), Path.Combine(folder.FullName, "lake"), count, cancellationToken);
            await writer.WaitForRowsAsync(cancellationToken);
            var what = string.Create(CultureInfo.InvariantCulture, $"the writer with a backlog of {count:N0} ticks:");
            yield return new LakeFigure($"{what} peak memory", "MB", writer.MaxBytes / BytesPerMegabyte, "", null, "512");
            yield return new LakeFigure(
                $"{what} fetched and written, per core", "ticks/s", count / writer.Reading.ProcessorSeconds, "", null, "");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static async IAsyncEnumerable<LakeFigure> LiveAsync(int rate, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var system = await MeasuredSystem.StartAsync(rate);
        await system.WaitForFirstRowAsync(cancellationToken);
        await using var writer = await WriterProcess.StartAsync(
            system.EventHub.ToString(), Path.Combine(system.Folder, "lake"), rows: 1, cancellationToken);
        await writer.WaitForRowsAsync(cancellationToken);
        await Task.Delay(WarmUp, TimeProvider.System, cancellationToken);
        var (before, started) = (writer.Reading, Stopwatch.GetTimestamp());
        await Task.Delay(MeasuredTime, TimeProvider.System, cancellationToken);
        var percent = (writer.Reading.ProcessorSeconds - before.ProcessorSeconds) / Stopwatch.GetElapsedTime(started).TotalSeconds * 100;
        yield return new LakeFigure(
            string.Create(CultureInfo.InvariantCulture, $"the writer at {rate:N0} ticks/s, in its own process"), "% of a core",
            percent, "", null, "under 5");
    }

    private static async Task ProduceAsync(string hub, int count, CancellationToken cancellationToken)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:eventhubs"] = hub }).Build();
        await using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging()
            .AddEventStream(configuration).BuildServiceProvider();
        await ArchiveTopics.EnsureAsync(
            services.GetRequiredService<EventStreamConnection>(), NullLogger.Instance, TimeSpan.FromMinutes(1), TimeProvider.System,
            cancellationToken);
        var producer = services.GetRequiredService<RecordProducer>();
        var startMs = new DateTimeOffset(2026, 11, 20, 14, 30, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var records = new SyntheticRecords(
            Market.Stock, SyntheticTicks.StockNames, count, startMs, (long)TimeSpan.FromHours(6.5).TotalMilliseconds);
        foreach (var (partition, value) in records.Make())
        {
            _ = await producer.SendAsync(TopicNames.TickArchive, partition, value, [], cancellationToken);
        }

        await producer.FlushAsync(cancellationToken);
    }
}
