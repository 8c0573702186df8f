using System.Globalization;
using CloudTicks.Timescale.Editions;

namespace CloudTicks.Timescale.Compression;

/// <summary>Whether chunks are compressed.</summary>
public readonly record struct CompressionChoice(bool IsOn, string Why)
{
    /// <summary>Decides.</summary>
    public static CompressionChoice Of(TimescaleEdition edition, TimescaleOptions options)
    {
        return (edition, options) switch
        {
            ({ IsCommunity: false }, _) =>
                new(false, $"TimescaleDB {edition.Version} is the Apache edition here, which has no compression"),
            (_, { CompressAfter: null }) => new(false, "Timescale:CompressAfter is empty"),
            ({ HasCompression: false }, _) =>
                new(false,
                    $"TimescaleDB {edition.Version} is older than {CompressionStatements.Oldest}, whose compression this program uses"),
            (_, { CompressAfter: { } after }) =>
                new(true, string.Create(
                    CultureInfo.InvariantCulture, $"the Community edition has it, and Timescale:CompressAfter is {after}")),
        };
    }
}
