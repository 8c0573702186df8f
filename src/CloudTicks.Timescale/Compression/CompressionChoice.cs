using System.Globalization;
using CloudTicks.Timescale.Editions;

namespace CloudTicks.Timescale.Compression;

/// <summary>Whether chunks are compressed, and why.</summary>
public readonly record struct CompressionChoice(bool IsEnabled, string Reason)
{
    /// <summary>Decides from the edition and the options whether to compress.</summary>
    public static CompressionChoice Of(TimescaleEdition edition, TimescaleOptions options)
    {
        return (edition, options) switch
        {
            ({ IsCommunity: false }, _) =>
                new(false, $"TimescaleDB {edition.Version} is the Apache edition, which has no compression"),
            (_, { CompressAfter: null }) => new(false, "Timescale:CompressAfter is empty"),
            ({ HasCompression: false }, _) =>
                new(false,
                    $"TimescaleDB {edition.Version} is older than {CompressionStatements.MinVersion}, the minimum for compression"),
            (_, { CompressAfter: { } after }) =>
                new(true, string.Create(
                    CultureInfo.InvariantCulture, $"the edition is Community, and Timescale:CompressAfter is {after}")),
        };
    }
}
