using System.Text;
using CloudTicks.Relay.Clients;
using CloudTicks.TestServices;

namespace CloudTicks.Relay.Tests.Clients;

public sealed class OutgoingEventsTests
{
    private readonly TestTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_gathered_during_a_send_form_one_message()
    {
        var outgoing = new OutgoingEvents(1 << 20, _time);
        outgoing.TryAppend("""{"q":1}"""u8, 1).ShouldBeTrue();
        (await ReadTextAsync(outgoing)).ShouldBe("""[{"q":1}]""");
        outgoing.TryAppend("""{"q":2},{"q":3}"""u8, 2).ShouldBeTrue();
        outgoing.TryAppend("""{"q":4}"""u8, 1).ShouldBeTrue();
        outgoing.Sent();

        (await ReadTextAsync(outgoing)).ShouldBe("""[{"q":2},{"q":3},{"q":4}]""");
        outgoing.Sent();
        outgoing.Waiting.ShouldBe((0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task No_message_exceeds_the_client_limit_and_none_is_lost()
    {
        var outgoing = new OutgoingEvents(1 << 24, _time);
        var element = Encoding.UTF8.GetBytes($$"""{"q":"{{new string('x', 990)}}"}""");
        for (var index = 0; index < 2_000; index++)
            outgoing.TryAppend(element, 1).ShouldBeTrue();
        outgoing.End();

        var eventCount = 0;
        while (await outgoing.DequeueAsync(Cancellation) is { } message)
        {
            message.Length.ShouldBeLessThanOrEqualTo(OutgoingEvents.MaxMessageBytes);
            eventCount += message.Events;
            outgoing.Sent();
        }

        eventCount.ShouldBe(2_000);
    }

    [Fact]
    public async Task Limit_covers_waiting_and_current_messages_together()
    {
        var outgoing = new OutgoingEvents(100, _time);
        outgoing.TryAppend(new byte[60], 1).ShouldBeTrue();
        await outgoing.DequeueAsync(Cancellation);

        outgoing.TryAppend(new byte[60], 1).ShouldBeFalse();
        outgoing.Sent();
        outgoing.TryAppend(new byte[60], 1).ShouldBeTrue();
        _time.Advance(TimeSpan.FromSeconds(3));

        outgoing.Waiting.ShouldBe((62, 1, TimeSpan.FromSeconds(3)));
        outgoing.Discard().ShouldBe(1);
    }

    [Fact]
    public async Task History_waits_for_room_until_the_client_disconnects()
    {
        var outgoing = new OutgoingEvents(1 << 20, _time);
        await outgoing.AppendAsync(new byte[OutgoingEvents.MaxMessageBytes], 1, Cancellation);
        var second = outgoing.AppendAsync(new byte[OutgoingEvents.MaxMessageBytes], 1, Cancellation).AsTask();
        second.IsCompleted.ShouldBeFalse();
        await outgoing.DequeueAsync(Cancellation);
        outgoing.Sent();
        await second;

        var third = outgoing.AppendAsync(new byte[1], 1, Cancellation).AsTask();
        outgoing.Discard();
        await Should.ThrowAsync<OperationCanceledException>(() => third);
    }

    /// <summary>Returns the text of the next message, without its frame header.</summary>
    private static async Task<string> ReadTextAsync(OutgoingEvents outgoing)
    {
        var message = (await outgoing.DequeueAsync(Cancellation)).ShouldNotBeNull();
        byte[] frame = [.. message.ToPieces(hasHeader: true).SelectMany(piece => piece.ToArray())];
        return Encoding.UTF8.GetString(frame.AsSpan(frame.Length - message.Length));
    }
}
