using CloudTicks.Foundations;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Outlets;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A rejected element was not kept because {File} cannot be written ({Problem}); further ones are only counted. Check the "
            + "disk")]
    public static partial void RejectedNotStored(this ILogger logger, string file, string problem);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Records in {Folder} ({Size}) are waiting for {Destination} and are not sent to {Current}. "
        + "To deliver them, start the collector on this data folder with {Setting}")]
    public static partial void SpoolOfOtherDestination(
        this ILogger logger, ByteSize size, string folder, string destination, string current, string setting);
}
