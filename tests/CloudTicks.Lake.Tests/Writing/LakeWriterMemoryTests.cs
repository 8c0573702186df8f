using System.Diagnostics;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Lake.Tests.Writing;

[Collection(MemoryCollection.Name)]
public sealed class LakeWriterMemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Backlog_is_written_in_rounds_and_in_bounded_memory()
    {
        var ticks = LongSuite.Choose(400_000, 4_000_000);
        await using var lake = await HubLake.StartAsync(
            _folder.Path, new LakeOptions { Interval = TimeSpan.Zero, MergeAfter = TimeSpan.FromDays(1) });
        await lake.ProduceAsync(Quotes(ticks));
        ResetMemoryPeak();
        using var process = Process.GetCurrentProcess();
        var (memory, processor) = (process.WorkingSet64, process.TotalProcessorTime);

        await lake.Writer.RunAsync(Cancellation);

        process.Refresh();
        lake.Writer.Status.Rows.ShouldBe(ticks);
        TestContext.Current.SendDiagnosticMessage(
            $"{ticks:N0} ticks in {(process.TotalProcessorTime - processor).TotalSeconds:F1} s of processor time, "
            + $"{(process.PeakWorkingSet64 - memory) >> 20} MiB more at the peak, "
            + $"{(double)lake.Writer.Status.Bytes / ticks:F2} bytes per tick");
        (process.PeakWorkingSet64 - memory).ShouldBeLessThan(512L << 20);
    }

    /// <summary>Resets the measured memory peak, because producing the records also used memory.</summary>
    private static void ResetMemoryPeak()
    {
        GC.Collect();
        if (OperatingSystem.IsLinux())
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
    }

    /// <summary>Quotes of four symbols over six hours, all at different times, in records of a few thousand quotes.</summary>
    private static IEnumerable<(int Partition, byte[] Record)> Quotes(int ticks)
    {
        const int ticksPerRecord = 4_000;
        var symbols = new[] { "EURUSD", "XAUUSD", "GBPUSD", "USDJPY" }.Select((name, partition) =>
            (partition, Symbol: Symbol.TryParse(name, out var symbol) ? symbol : throw new ArgumentException(name))).ToArray();
        var startMs = new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var random = new Random(1);
        var mid = 100_000;
        for (var number = 0; number < ticks; number += ticksPerRecord)
        {
            var (partition, symbol) = symbols[number / ticksPerRecord % symbols.Length];
            var builder = new TickBatchBuilder(partition, TickSource.Live);
            for (var tick = number; tick < number + ticksPerRecord; tick++)
            {
                mid += random.Next(-3, 4);
                var timestampMs = startMs + (tick * 21_600_000L / ticks);
                builder.Add(new Tick
                {
                    Symbol = symbol,
                    Kind = TickKind.Quote,
                    Fields = TickFields.Bid | TickFields.Ask,
                    TimestampMs = timestampMs,
                    ReceivedMs = timestampMs + random.Next(5, 30),
                    Bid = Price.Create(mid, 5),
                    Ask = Price.Create(mid + 2, 5),
                });
            }

            yield return (partition, builder.ToRecord());
        }
    }
}
