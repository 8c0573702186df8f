using System.Net.WebSockets;

namespace CloudTicks.Polygon.Sessions;

internal enum MessageState
{
    Complete,
    Closed,
    TooLarge,
}

/// <summary>Assembles the fragments of a message. The buffer grows to the largest message and is kept for the session.</summary>
internal sealed class MessageBuffer
{
    /// <summary>The maximum length of a message: about four times the limit of the official Go client.</summary>
    public const int MaxBytes = 4 << 20;

    private const int InitialBytes = 64 << 10;

    private byte[] _bytes = new byte[InitialBytes];
    private int _length;

    /// <summary>The received message; valid until the next one is read.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public async ValueTask<MessageState> ReadAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        _length = 0;
        while (true)
        {
            if (_length == _bytes.Length)
            {
                if (_length == MaxBytes)
                {
                    return MessageState.TooLarge;
                }

                Array.Resize(ref _bytes, Math.Min(_bytes.Length * 2, MaxBytes));
            }

            var result = await socket.ReceiveAsync(_bytes.AsMemory(_length), cancellationToken);
            _length += result.Count;
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return MessageState.Closed;
            }

            if (result.EndOfMessage)
            {
                return MessageState.Complete;
            }
        }
    }
}
