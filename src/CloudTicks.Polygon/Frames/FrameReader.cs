using System.Text;
using System.Text.Unicode;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Checks;

namespace CloudTicks.Polygon.Frames;

/// <summary>
/// Reads the elements of a WebSocket frame: a JSON array or a single object. Each element is decoded on its own, so a malformed element is
/// returned as rejected and its neighbours are still read. The reader does no I/O, does not allocate for ticks of known symbols, and never
/// throws because of a frame's content. An instance reads one frame after another. Not thread-safe.
/// </summary>
/// <param name="market">The market of the connection; events do not contain it.</param>
/// <param name="symbols">The known symbols.</param>
public sealed class FrameReader(Market market, SymbolDictionary symbols)
{
    /// <summary>Maximum bytes of a status. Well above the longest acknowledgement, which has 200 names of up to 64 bytes.</summary>
    private const int MaxStatusBytes = 64 << 10;

    /// <summary>
    /// Limits the work on a malformed frame, whose elements are read twice to find their ends. When the bytes read twice exceed this many
    /// times the frame's length, the rest of the frame is rejected.
    /// </summary>
    private const int MaxRereads = 8;

    private readonly ElementFields _fields = new();
    private readonly TickDecoder _decoder = new(market, symbols);
    private readonly byte[] _typeScratch = new byte[32];
    private byte[]? _statusScratch;
    private ReadOnlyMemory<byte> _frame;
    private long _receivedMs;
    private int _position;
    private int _elementStart;
    private int _elementEnd;
    private long _rereadBytes;
    private bool _isAscii;
    private bool _isNested;

    /// <summary>The bytes of the last element read.</summary>
    public ReadOnlySpan<byte> Element => _frame.Span[_elementStart.._elementEnd];

    /// <summary>Why the last element was rejected.</summary>
    public TickRejection Rejection { get; private set; }

    /// <summary>The status that was read.</summary>
    public PolygonStatus Status { get; private set; }

    /// <summary>The <c>ev</c> of an event that is not collected, at most 32 bytes of UTF-8.</summary>
    public ReadOnlyMemory<byte> EventType { get; private set; }

    /// <summary>Starts reading a frame. Its bytes must not change until its last tick has been used.</summary>
    /// <param name="receivedMs">The time at which the frame's last byte was read, Unix ms, UTC.</param>
    public void Open(ReadOnlyMemory<byte> frame, long receivedMs)
    {
        (_frame, _receivedMs, _position, _elementStart, _elementEnd) = (frame, receivedMs, 0, 0, 0);
        (_rereadBytes, _isNested, _isAscii) = (0, true, Ascii.IsValid(frame.Span));
        SkipWhiteSpace(frame.Span);
        _position += _position < frame.Length && frame.Span[_position] == '[' ? 1 : 0;
    }

    /// <summary>Reads the next element.</summary>
    /// <param name="tick">The tick, if the element is one; its spans are valid until the next call.</param>
    public ElementKind Read(ref Tick tick)
    {
        var frame = _frame.Span;
        if (!SkipToElement(frame))
        {
            return ElementKind.End;
        }

        _elementStart = _position;
        var scanner = new ElementScanner(frame, _position);
        if (!scanner.TryReadObject(_fields))
        {
            SkipMalformed(frame, scanner.Position);
            return Reject(TickRejection.NotJson);
        }

        _position = _elementEnd = scanner.Position;
        return _isAscii || Utf8.IsValid(Element) ? Interpret(frame, ref tick) : Reject(TickRejection.NotJson);
    }

    private ElementKind Interpret(ReadOnlySpan<byte> frame, ref Tick tick)
    {
        var values = new FieldValues(frame, _fields);
        if (!values.TryText(EventField.Ev, _typeScratch, TickRejection.BadField, out var eventType))
        {
            return Reject(TickRejection.BadField);
        }

        if (_decoder.KindOf(eventType) is { } kind)
        {
            _decoder.Decode(kind, ref values, ref tick);
            tick.ReceivedMs = _receivedMs;
            return values.Rejection == TickRejection.None ? ElementKind.Tick : Reject(values.Rejection);
        }

        if (eventType.SequenceEqual("status"u8))
        {
            Status = new PolygonStatus(StatusText(ref values, EventField.Status), StatusText(ref values, EventField.Message));
            return ElementKind.Status;
        }

        eventType.CopyTo(_typeScratch);
        EventType = _typeScratch.AsMemory(0, eventType.Length);
        return ElementKind.OtherEvent;
    }

    /// <summary>
    /// Reads the text of a status. A text that is too long is cut after a whole name, so that no partial name looks like another name.
    /// </summary>
    private string StatusText(scoped ref FieldValues values, EventField field)
    {
        if (!values.TryTextStart(field, _statusScratch ??= new byte[MaxStatusBytes], out var text, out var length))
        {
            return "";
        }

        return Encoding.UTF8.GetString(length > text.Length ? text[..Math.Max(text.LastIndexOf((byte)','), 0)] : text);
    }

    private ElementKind Reject(TickRejection reason)
    {
        Rejection = reason;
        return ElementKind.Rejected;
    }

    private void SkipMalformed(ReadOnlySpan<byte> frame, int readTo)
    {
        _rereadBytes += readTo - _elementStart;
        if (_rereadBytes > (long)MaxRereads * frame.Length)
        {
            _position = frame.Length;
        }
        else if (frame[_elementStart] is (byte)'[' or (byte)']')
        {
            // The bracket is misplaced, and elements may follow it.
            _position = _elementStart + 1;
        }
        else
        {
            _position = ElementBoundary.Find(frame, _elementStart, ref _isNested);
        }

        _elementEnd = _elementStart + frame[_elementStart.._position].TrimEnd(", \t\r\n"u8).Length;
    }

    /// <summary>Skips commas and white space; false at the end of the frame, or at a closing bracket that ends it.</summary>
    private bool SkipToElement(ReadOnlySpan<byte> frame)
    {
        SkipWhiteSpace(frame);
        while (_position < frame.Length && frame[_position] == ',')
        {
            _position++;
            SkipWhiteSpace(frame);
        }

        return _position < frame.Length && (frame[_position] != ']' || !frame[(_position + 1)..].Trim(" \t\r\n"u8).IsEmpty);
    }

    private void SkipWhiteSpace(ReadOnlySpan<byte> frame)
    {
        while (_position < frame.Length && frame[_position] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            _position++;
        }
    }
}
