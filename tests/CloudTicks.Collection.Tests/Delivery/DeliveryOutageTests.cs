using CloudTicks.Collection.Counters;
using FsCheck;
using FsCheck.Fluent;

namespace CloudTicks.Collection.Tests.Delivery;

/// <summary>Tests the delivery during random outages and restarts.</summary>
public sealed class DeliveryOutageTests : IDisposable
{
    private readonly DeliveryFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Random_outages_and_restarts_keep_durable_records_in_order() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(60),
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Action, byte Count)[]>(), actions => RunAsync(actions).GetAwaiter().GetResult()));

    private async Task RunAsync((byte Action, byte Count)[] actions)
    {
        Array.ForEach(Directory.GetFiles(_fixture.Folder), File.Delete);
        var sink = new ScriptedSink();
        _fixture.Counters = new CollectorCounters();
        var delivery = _fixture.Open(sink: sink);
        var durable = new HashSet<int>();
        var sent = 0;
        try
        {
            var open = new List<(int Number, Task Safe)>();
            foreach (var (action, count) in actions)
            {
                switch (action % 6)
                {
                    case 0:
                    case 1:
                        for (var index = 0; index < count % 20; index++)
                        {
                            sent++;
                            open.Add((sent, await delivery.SendAsync(DeliveryFixture.Record(sent), TestContext.Current.CancellationToken)));
                        }

                        break;
                    case 2:
                        sink.StopAcknowledging();
                        break;
                    case 3:
                        sink.Acknowledge(count % 10);
                        break;
                    case 4:
                        _fixture.Time.Advance(DeliveryFixture.StallDuration);
                        break;
                    default:
                        if (count % 3 == 0)
                        {
                            // Simulates the end of the process: records that are neither acknowledged nor on disk are lost.
                            await delivery.DisposeAsync();
                            durable.UnionWith(open.Where(record => record.Safe.IsCompletedSuccessfully).Select(record => record.Number));
                            open.Clear();
                            sink.DropUnacknowledged();
                            sink.ResumeAcknowledging();
                            delivery = _fixture.Open(sink: sink);
                        }
                        else
                        {
                            sink.ResumeAcknowledging();
                        }

                        break;
                }
            }

            sink.ResumeAcknowledging();
            await Task.WhenAll(open.Select(record => record.Safe)).WaitAsync(TestContext.Current.CancellationToken);
            durable.UnionWith(open.Select(record => record.Number));
            await DeliveryFixture.UntilAsync(() => delivery.GetStatus().Records == 0 && sink.OpenCount == 0
                && durable.IsSubsetOf(sink.Acknowledged.Select(DeliveryFixture.Number)));
        }
        finally
        {
            await delivery.DisposeAsync();
        }

        // The first occurrences are in order, but a restart may repeat records.
        sink.Acknowledged.Select(DeliveryFixture.Number).Distinct().ShouldBeInOrder();
    }
}
