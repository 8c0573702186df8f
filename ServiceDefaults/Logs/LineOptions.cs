using Microsoft.Extensions.Logging.Console;

namespace ServiceDefaults.Logs;

internal sealed class LineOptions : ConsoleFormatterOptions
{
    /// <summary>Whether exceptions are logged with their stack; otherwise only with types and messages.</summary>
    public bool IncludesStack { get; set; }
}
