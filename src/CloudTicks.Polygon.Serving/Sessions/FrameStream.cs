namespace CloudTicks.Polygon.Serving.Sessions;

/// <summary>
/// Wraps the stream of a connection and serialises writes, so that complete frames can bypass the WebSocket above it. This avoids the copy
/// that a WebSocket makes of each message, and is safe because a WebSocket writes each ping and close frame in one call.
/// </summary>
internal sealed class FrameStream(Stream inner) : WrappedStream(inner)
{
    private readonly SemaphoreSlim _writing = new(1);

    /// <summary>Writes a frame, including its header.</summary>
    /// <param name="pieces">The frame's bytes, at least one piece.</param>
    public async ValueTask WriteFrameAsync(IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            for (var index = 0; index < pieces.Count; index++)
                await base.WriteAsync(pieces[index], cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await base.WriteAsync(buffer, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }
}
