using CloudTicks.EventStream;
using CloudTicks.Functions.Querying;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Functions.Tests.Querying;

public class ArchiveStartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hub_is_queried_once_per_table_start(bool hasOlder)
    {
        var queriedTimes = new List<long>();
        var archiveStart = new ArchiveStart(
            (fromMs, _) =>
            {
                queriedTimes.Add(fromMs);
                return Task.FromResult(hasOlder);
            },
            new TestTime());

        (await archiveStart.MayHaveOlderAsync(1, Cancellation)).ShouldBe(hasOlder);
        (await archiveStart.MayHaveOlderAsync(1, Cancellation)).ShouldBe(hasOlder);
        (await archiveStart.MayHaveOlderAsync(2, Cancellation)).ShouldBe(hasOlder);

        queriedTimes.ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Unavailable_hub_may_have_older_records()
    {
        var responses = new Queue<Task<bool>>([Task.FromException<bool>(new EventStreamException("away")), Task.FromResult(false)]);
        var archiveStart = new ArchiveStart((_, _) => responses.Dequeue(), new TestTime());

        (await archiveStart.MayHaveOlderAsync(1, Cancellation)).ShouldBeTrue();
        (await archiveStart.MayHaveOlderAsync(1, Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task Hanging_hub_does_not_delay_the_response()
    {
        var time = new TestTime();
        var archiveStart = new ArchiveStart((_, _) => new TaskCompletionSource<bool>().Task, time);

        var query = archiveStart.MayHaveOlderAsync(1, Cancellation);
        time.Advance(TimeSpan.FromSeconds(1));

        (await query).ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Command_is_included_only_if_it_may_restore_ticks(bool isInArchive)
    {
        Symbol.TryParse("EURUSD", out var symbol).ShouldBeTrue();
        var headers = new HeaderDictionary();

        ArchiveHint.For(symbol!, 0, 2_000, 1_000)!.AddTo(headers, isInArchive);

        headers.ContainsKey("CloudTicks-Table-From").ShouldBeTrue();
        headers.ContainsKey("CloudTicks-Replay").ShouldBe(isInArchive);
    }
}
