using System.Net.WebSockets;
using CloudTicks.Relay.Clients;
using CloudTicks.TestServices;

namespace CloudTicks.Relay.Tests.Clients;

/// <summary>The relay writes WebSocket frames itself; .NET's WebSocket reads them as RFC 6455 defines.</summary>
public sealed class TextFrameTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(123)]
    [InlineData(124)]
    [InlineData(MessageBlocks.BlockBytes - 13)]
    [InlineData(MessageBlocks.BlockBytes - 12)]
    [InlineData(MessageBlocks.BlockBytes - 11)]
    [InlineData(65_533)]
    [InlineData(65_534)]
    [InlineData(200_000)]
    public async Task Frame_of_any_length_is_read_as_one_message(int bytes)
    {
        var outgoing = new OutgoingEvents(1 << 24, new TestTime());
        var first = Enumerable.Range(0, bytes).Select(index => (byte)('a' + (index % 26))).ToArray();
        outgoing.TryAppend(first, 1).ShouldBeTrue();
        outgoing.TryAppend("b"u8, 1).ShouldBeTrue();
        var message = (await outgoing.DequeueAsync(Cancellation)).ShouldNotBeNull();
        using var stream = new MemoryStream([.. message.ToPieces(hasHeader: true).SelectMany(piece => piece.ToArray())]);
        using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions());

        var received = new byte[bytes + 10];
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(received.AsMemory(length), Cancellation);
            length += part.Count;
            part.MessageType.ShouldBe(WebSocketMessageType.Text);
            if (part.EndOfMessage)
            {
                break;
            }
        }

        received.AsSpan(0, length).ToArray().ShouldBe([(byte)'[', .. first, (byte)',', (byte)'b', (byte)']']);
        stream.Position.ShouldBe(stream.Length);
    }
}
