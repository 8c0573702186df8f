using System.Text.Json;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.Relay.Rest.Bars;

/// <summary>The prices of one window, aggregated from ticks in any order.</summary>
internal sealed class Bar(long startMs)
{
    // The number of decimals to which a mean is rounded.
    private const int MeanDigits = 10;

    private (TickPosition Place, double Price) _open;
    private (TickPosition Place, double Price) _close;
    private double _high = double.MinValue;
    private double _low = double.MaxValue;
    private decimal _volume;
    private double _turnover;
    private long _count;

    public long StartMs => startMs;

    public void Add(TickPosition place, double price, double size)
    {
        if (_count == 0 || place.CompareTo(_open.Place) < 0)
        {
            _open = (place, price);
        }

        if (_count == 0 || place.CompareTo(_close.Place) > 0)
        {
            _close = (place, price);
        }

        (_high, _low) = (Math.Max(_high, price), Math.Min(_low, price));
        (_volume, _turnover, _count) = (_volume + (decimal)size, _turnover + (price * size), _count + 1);
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("v"u8, _volume);
        if (_volume > 0)
        {
            writer.WriteNumber("vw"u8, Math.Round(_turnover / (double)_volume, MeanDigits));
        }

        writer.WriteNumber("o"u8, _open.Price);
        writer.WriteNumber("c"u8, _close.Price);
        writer.WriteNumber("h"u8, _high);
        writer.WriteNumber("l"u8, _low);
        writer.WriteNumber("t"u8, startMs);
        writer.WriteNumber("n"u8, _count);
        writer.WriteEndObject();
    }
}
