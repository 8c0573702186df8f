using Microsoft.Extensions.Logging.Console;

namespace ServiceDefaults.Logs;

internal sealed class LineOptions : ConsoleFormatterOptions
{
    /// <summary>Exceptions with their whole stack; otherwise their types and messages.</summary>
    public bool Stack { get; set; }
}
