using System.Globalization;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Cli.Decoding;

/// <summary>Reads records of the archive from an input, and writes their ticks as lines of JSON. Each input needs its own object.</summary>
internal sealed class ArchiveDecoder(IReadOnlySet<Symbol>? symbols, bool everyField, bool withGaps, TextWriter errors)
{
    private readonly TickBatchReader _reader = new(new SymbolDictionary());

    /// <summary>Decodes until the input ends or the output's reader closes the pipe.</summary>
    public int Decode(Stream input, Stream output)
    {
        try
        {
            return DecodeRecords(new RecordStream(input), new TickLines(output, everyField)) ? ExitCodes.Done : ExitCodes.Incomplete;
        }
        catch (OutputClosedException)
        {
            return ExitCodes.Done;
        }
        catch (Exception exception) when (exception is RecordStreamException or IOException)
        {
            errors.WriteLine(exception.Message);
            return ExitCodes.Incomplete;
        }
    }

    private bool DecodeRecords(RecordStream records, TickLines lines)
    {
        var allDecoded = true;
        for (var hasArrived = true; hasArrived; hasArrived = records.Fill())
        {
            allDecoded &= DecodeBuffered(records, lines);
        }

        return allDecoded;
    }

    private bool DecodeBuffered(RecordStream records, TickLines lines)
    {
        var allDecoded = true;
        try
        {
            for (var position = records.Position; records.TryRead(out var record); position = records.Position)
            {
                if (Fault(record) is { } fault)
                {
                    errors.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The record at byte {position} is skipped: {fault}"));
                    allDecoded = false;
                }
                else
                {
                    Write(record, lines);
                }
            }
        }
        finally
        {
            // Flush before the next wait, so that the reader of the output has all ticks that arrived.
            lines.Flush();
        }

        return allDecoded;
    }

    // Check the whole record before its first tick is written: a damaged record is skipped as a whole, as in StoreTicks.
    private string? Fault(ReadOnlyMemory<byte> record)
    {
        if (GapRecord.IsGap(record.Span))
        {
            return GapRecord.TryRead(record, out _, out var fault) ? null : fault;
        }

        try
        {
            var tick = default(Tick);
            _reader.Open(record);
            while (_reader.TryRead(ref tick))
            {
                if (!TickIdentity.IsDefinedFor(tick.Symbol.Market, tick.Kind))
                {
                    return $"The record has a {tick.Kind} of {tick.Symbol}, but the market {tick.Symbol.Market} has no such ticks.";
                }
            }

            return null;
        }
        catch (TickBatchFormatException exception)
        {
            return exception.Message;
        }
    }

    private void Write(ReadOnlyMemory<byte> record, TickLines lines)
    {
        if (!GapRecord.IsGap(record.Span))
        {
            WriteTicks(record, lines);
        }
        else if (withGaps && GapRecord.TryRead(record, out var gap, out _) && (symbols is null || symbols.Contains(gap.Symbol)))
        {
            lines.Add(gap);
        }
    }

    private void WriteTicks(ReadOnlyMemory<byte> record, TickLines lines)
    {
        var tick = default(Tick);
        _reader.Open(record);
        while (_reader.TryRead(ref tick))
        {
            if (symbols is null || symbols.Contains(tick.Symbol))
            {
                lines.Add(tick, _reader.Source, _reader.Partition);
            }
        }
    }
}
