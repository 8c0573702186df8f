using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Connections;

/// <summary>Requests and responses that are large enough for the heavy-work threads.</summary>
public sealed class LargeRequestTests
{
    private const int LargeBytes = 2 << 20;

    [Fact(Timeout = 240_000)]
    public async Task Large_and_small_requests_keep_their_order()
    {
        const int requests = 12;
        await using var hub = await RunningHub.StartAsync();
        using var client = await WireClient.ConnectAsync(hub.Address);
        (await client.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
        var values = Enumerable.Range(0, requests).Select(static i => i % 2 == 0 ? $"{i}" : $"{i}{new string(' ', LargeBytes)}").ToList();
        var sent = SendAsync();
        for (var i = 0; i < requests; i++)
        {
            WireCalls.ReadProduced((await client.ReceiveAsync()).AsSpan(4)).ShouldBe((ErrorCode.None, (long)i));
        }

        await sent;
        var fetched = await client.FetchAsync("ticks", 0, 0, maxBytes: 32 << 20, partitionBytes: 32 << 20);
        Batches.Read(fetched.Records).Select(static r => (r.Offset, r.Value.Length)).ShouldBe(
            values.Select(static (value, i) => ((long)i, value.Length)));

        async Task SendAsync()
        {
            foreach (var value in values)
            {
                await client.SendAsync(ApiKey.Produce, 7, WireCalls.Produce("ticks", 0, Batches.Of(value)));
            }
        }
    }
}
