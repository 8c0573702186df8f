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
/// Takes made-up ticks from the queue of frames to the delivery before the feed is connected, so that the path is compiled when the first
/// tick comes. Queue, counters, meters, log and sink are its own and in memory: no made-up tick is counted, stored or sent.
/// </summary>
internal sealed class Rehearsal(WantedChannels wanted, TimeProvider time, ILogger<CollectorService> logger)
{
    private const string FolderName = "rehearsal";

    /// <summary>Nothing is written.</summary>
    private const long SpoolBytes = 1 << 20;

    /// <summary>Methods that were called thirty times are compiled again with optimization.</summary>
    private const int Rounds = 40;

    /// <summary>Enough for each market and kind of tick that is selected.</summary>
    private const int MaxChannels = 14;

    /// <summary>A hub that goes away now must not keep the feed waiting.</summary>
    private static readonly TimeSpan PrepareTime = TimeSpan.FromSeconds(1);

    /// <summary>Ends when all made-up ticks are in memory. A failure is logged: the feed begins without a rehearsal.</summary>
    /// <returns>How many ticks went the whole way.</returns>
    public async Task<long> RunAsync(DataFolder folder, CancellationToken stopping)
    {
        try
        {
            return await PlayAsync(folder.Folder(FolderName), stopping);
        }
        catch (Exception failure) when (failure is CollectorException or IOException or UnauthorizedAccessException)
        {
            logger.NotRehearsed(failure.Message);
            return 0;
        }
    }

    /// <summary>Has the outlet do what the first record would wait for.</summary>
    public async Task PrepareAsync(Outlet outlet, CancellationToken stopping)
    {
        using var patience = new CancellationTokenSource(PrepareTime, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping);
        try
        {
            await (outlet.PrepareAsync?.Invoke(ending.Token) ?? Task.CompletedTask);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // The first record waits for it.
        }
    }

    private async Task<long> PlayAsync(string folder, CancellationToken stopping)
    {
        var counters = new CollectorCounters();
        var frames = new FrameQueue();
        using var meters = new SilentMeters();
        await using (var delivery = new RecordDelivery(
            new Memory(), new DeliveryOptions { Folder = folder, SpoolMaxBytes = SpoolBytes }, counters, _ => { }, time,
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
            var taking = intake.RunAsync(stopping);
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
            await taking;
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
        var name = channel.ToString().Split('.', 2);
        return name switch
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

    /// <summary>Takes every record and keeps none.</summary>
    private sealed class Memory : IRecordSink
    {
        public TimeSpan? AwayFor => null;

        public ValueTask<Task> SendAsync(OutgoingRecord record, CancellationToken cancellationToken) => new(Task.CompletedTask);
    }
}
