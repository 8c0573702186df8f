namespace CloudTicks.Polygon.Serving.Sessions;

/// <summary>
/// The bytes of a connection, one write at a time: so ready frames can be written beside those of the WebSocket above it, whose pings and
/// close frames are a write each. A WebSocket copies what it sends.
/// </summary>
internal sealed class FrameStream(Stream inner) : WrappedStream(inner)
{
    private readonly SemaphoreSlim _writing = new(1);

    /// <summary>Writes a frame, header included.</summary>
    /// <param name="pieces">Its bytes, at least one piece.</param>
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
