using System.Buffers;
using System.Text;
using CloudTicks.Collection.Batching;
using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Intake;
using CloudTicks.Collection.Outlets;
using CloudTicks.Collection.Records;
using CloudTicks.Collection.Storage;
using CloudTicks.Collection.Subscriptions;
using CloudTicks.EventStream.Topics;
using CloudTicks.Foundations;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks.Checks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Collection.Running;

/// <summary>
/// Sends synthetic ticks through the tick path before the feed is connected, so that the path is compiled when the first real tick arrives.
/// It uses a separate queue, counters, meters, log and sink, all in memory: no synthetic tick is counted, stored or sent.
/// </summary>
internal sealed class TickPathWarmUp(WantedChannels wanted, TimeProvider time, ILogger<CollectorService> logger)
{
    private const string FolderName = "rehearsal";

    /// <summary>The spool's maximum size, small because nothing is written.</summary>
    private const long SpoolBytes = 1 << 20;

    /// <summary>The number of rounds. The runtime recompiles a method with optimisation after 30 calls.</summary>
    private const int Rounds = 40;

    /// <summary>Maximum number of channels per market and kind of tick.</summary>
    private const int MaxChannels = 14;

    /// <summary>The maximum wait for the outlet, so that an event hub that is failing does not delay the feed for long.</summary>
    private static readonly TimeSpan PrepareTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Completes when all synthetic ticks were processed. A failure is only logged.</summary>
    /// <returns>The number of ticks that reached the sink.</returns>
    public async Task<long> RunAsync(DataFolder folder, CancellationToken stopping)
    {
        try
        {
            return await SendSyntheticTicksAsync(folder.Folder(FolderName), stopping);
        }
        catch (Exception failure) when (failure is CollectorException or IOException or UnauthorizedAccessException)
        {
            logger.WarmUpFailed(failure.Message);
            return 0;
        }
    }

    /// <summary>Connects the outlet before the first record is sent.</summary>
    public async Task PrepareAsync(Outlet outlet, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(PrepareTimeout, time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        try
        {
            await (outlet.PrepareAsync?.Invoke(cancellation.Token) ?? Task.CompletedTask);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // The first real record waits for the connection instead.
        }
    }

    private async Task<long> SendSyntheticTicksAsync(string folder, CancellationToken stopping)
    {
        var counters = new CollectorCounters();
        var frames = new FrameQueue();
        using var meters = new SilentMeters();
        await using (var delivery = new RecordDelivery(
            new DiscardingSink(), new DeliveryOptions { Folder = folder, SpoolMaxBytes = SpoolBytes }, counters, _ => { }, time,
            NullLogger.Instance))
        {
            var batcher = new TickBatcher(
                delivery, new TickShedding(counters.Spool, _ => { }), ArchiveTopics.ArchivePartitions, TimeSpan.Zero, time, frames.Wake)
            {
                IsTraced = false,
            };
            var intake = new TickIntake(
                frames, wanted, new TickCheck(TimeSpan.FromDays(1), TimeSpan.FromDays(1)), batcher,
                new RejectedElements((_, _) => Task.CompletedTask), counters, new CollectorMetrics(meters, counters, frames), time,
                NullLogger.Instance);
            var decoding = intake.RunAsync(stopping);
            var channels = wanted.Channels.GroupBy(channel => (channel.Symbol.Market, channel.Kind))
                .SelectMany(group => group.Take(MaxChannels)).ToList();
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var channel in channels)
                {
                    await frames.WriteAsync(Frame(channel, round, time.GetUtcNow().ToUnixTimeMilliseconds()), stopping);
                }
            }

            intake.Complete();
            await decoding;
        }

        Directory.Delete(folder, recursive: true);
        return counters.Archived;
    }

    private static ReceivedFrame Frame(FeedChannel channel, int number, long nowMs)
    {
        var text = $"[{Element(channel, number, nowMs)}]";
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        return new ReceivedFrame(channel.Symbol.Market, buffer, Encoding.UTF8.GetBytes(text, buffer), nowMs);
    }

    private static string Element(FeedChannel channel, int number, long nowMs)
    {
        var channelParts = channel.ToString().Split('.', 2);
        return channelParts switch
        {
            ["C", var pair] => $$"""{"ev":"C","p":"{{pair}}","x":48,"a":1.{{number}}2,"b":1.{{number}}1,"t":{{nowMs}}}""",
            ["XQ", var pair] => $$"""{"ev":"XQ","pair":"{{pair}}","bp":1.5,"bs":2,"ap":1.6,"as":3,"t":{{nowMs}},"x":1,"r":{{nowMs}}}""",
            ["XT", var pair] =>
                $$"""{"ev":"XT","pair":"{{pair}}","p":1.5,"t":{{nowMs}},"s":2,"c":[2],"i":"{{number}}","x":1,"r":{{nowMs}}}""",
            ["Q", var symbol] =>
                $$"""{"ev":"Q","sym":"{{symbol}}","bx":4,"bp":1.5,"bs":1,"ax":7,"ap":1.6,"as":2,"t":{{nowMs}},"q":{{number}},"z":3}""",
            [_, var symbol] =>
                $$"""{"ev":"T","sym":"{{symbol}}","x":4,"i":"{{number}}","z":3,"p":1.5,"s":9,"c":[0,12],"t":{{nowMs}},"q":{{number}}}""",
            _ => "",
        };
    }

    /// <summary>Acknowledges and discards every record.</summary>
    private sealed class DiscardingSink : IRecordSink
    {
        public TimeSpan? UnavailableFor => null;

        public ValueTask<Task> SendAsync(OutgoingRecord record, CancellationToken cancellationToken) => new(Task.CompletedTask);
    }
}
