namespace CloudTicks.Polygon.Serving.Events;

/// <summary>Gathers the bytes of one frame, a JSON array of events, in a reused buffer.</summary>
internal sealed class FrameBuffer
{
    private byte[] _bytes = new byte[64 * 1024];
    private int _length;

    public bool IsEmpty => _length == 0;

    public void Append(ReadOnlySpan<byte> json)
    {
        // Each event needs a separator before it, and the frame a bracket at its end.
        if (_length + json.Length + 2 > _bytes.Length)
            Array.Resize(ref _bytes, 2 * (_length + json.Length + 2));
        _bytes[_length++] = _length == 1 ? (byte)'[' : (byte)',';
        json.CopyTo(_bytes.AsSpan(_length));
        _length += json.Length;
    }

    /// <summary>Ends the frame and returns its bytes, which are valid until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Close()
    {
        _bytes[_length] = (byte)']';
        return _bytes.AsMemory(0, _length + 1);
    }

    public void Clear() => _length = 0;
}
