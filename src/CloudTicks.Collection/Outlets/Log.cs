using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Outlets;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A rejected element is not kept, because {File} cannot be written ({Problem}); further ones are only counted")]
    public static partial void RejectedNotKept(this ILogger logger, string file, string problem);
}
