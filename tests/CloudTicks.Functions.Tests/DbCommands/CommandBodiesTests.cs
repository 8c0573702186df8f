using CloudTicks.Functions.DbCommands;
using CloudTicks.TestServices;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Functions.Tests.DbCommands;

public class CommandBodiesTests
{
    private readonly TestTime _time = new();
    private readonly CommandBodies _bodies;

    public CommandBodiesTests() => _bodies = new CommandBodies(_time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(65_536, false)]
    [InlineData(CommandBodies.MaxBytes, true)]
    [InlineData(CommandBodies.MaxBytes, false)]
    public async Task Body_is_received_with_or_without_a_length(int length, bool isAnnounced)
    {
        var sent = new byte[length];
        Random.Shared.NextBytes(sent);

        using var body = await _bodies.ReceiveAsync(Request(new MemoryStream(sent), isAnnounced ? length : null), Cancellation);

        body.State.ShouldBe(CommandBodyState.Complete);
        body.Bytes.Span.SequenceEqual(sent).ShouldBeTrue();
    }

    [Theory]
    [InlineData(CommandBodies.MaxBytes + 1L)]
    [InlineData(null)]
    public async Task Body_that_is_too_long_is_refused(long? announced)
    {
        using var body =
            await _bodies.ReceiveAsync(Request(new MemoryStream(new byte[CommandBodies.MaxBytes + 1]), announced), Cancellation);

        body.State.ShouldBe(CommandBodyState.TooLarge);
    }

    [Fact]
    public async Task Body_that_does_not_end_is_refused_after_half_a_minute()
    {
        var receiving = _bodies.ReceiveAsync(Request(new StallingBody(600), CommandBodies.MaxBytes), Cancellation);

        _time.Advance(TimeSpan.FromSeconds(29));
        receiving.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));

        (await receiving).State.ShouldBe(CommandBodyState.TooSlow);
    }

    [Fact]
    public async Task Large_bodies_share_their_own_memory_limit()
    {
        var stalled = new List<Task<CommandBody>>();
        Task<CommandBody> last;
        do
        {
            stalled.Add(
                last = _bodies.ReceiveAsync(Request(new StallingBody(CommandBodies.MaxBytes - 1), CommandBodies.MaxBytes), Cancellation));
        }
        while (!last.IsCompleted);

        (await last).State.ShouldBe(CommandBodyState.NoRoom);
        // The first 64 KiB of a body do not count towards the limit for large bodies, so one more large body may fit.
        stalled.Count.ShouldBeInRange(9, 10);
        using (var small = await _bodies.ReceiveAsync(Request(new MemoryStream(new byte[60_000]), 60_000), Cancellation))
        {
            small.State.ShouldBe(CommandBodyState.Complete);
        }

        _time.Advance(TimeSpan.FromSeconds(30));
        await Task.WhenAll(stalled);
        using var large = await _bodies.ReceiveAsync(Request(new MemoryStream(new byte[CommandBodies.MaxBytes]), null), Cancellation);
        large.State.ShouldBe(CommandBodyState.Complete);
    }

    [Fact]
    public async Task Incomplete_bodies_count_towards_the_limit()
    {
        var stalled = Enumerable.Range(0, CommandBodies.MaxBodies)
            .Select(_ => _bodies.ReceiveAsync(Request(new StallingBody(1), 2), Cancellation)).ToList();

        (await _bodies.ReceiveAsync(Request(new MemoryStream(), 0), Cancellation)).State.ShouldBe(CommandBodyState.NoRoom);

        _time.Advance(TimeSpan.FromSeconds(30));
        await Task.WhenAll(stalled);
        using var body = await _bodies.ReceiveAsync(Request(new MemoryStream(), 0), Cancellation);
        body.State.ShouldBe(CommandBodyState.Complete);
    }

    private static HttpRequest Request(Stream body, long? announced)
    {
        var request = new DefaultHttpContext().Request;
        (request.Body, request.ContentLength) = (body, announced);
        return request;
    }
}
