using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace ServiceDefaults.Logs;

/// <summary><c>HH:mm:ss.fff INFO  category  message</c>: the time in UTC, and the last part of the category's name.</summary>
internal sealed class PlainLineFormatter(IOptions<LineOptions> options, SettingNames names, TimeProvider time)
    : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "plain-line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var category = logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..];
        var message = Counted.Agree(names.ReplaceIn(OneLine.Of(logEntry.Formatter(logEntry.State, null))));
        var exception = logEntry.Exception is null ? "" : $" ({OneLine.Of(logEntry.Exception, options.Value.IncludesStack)})";
        textWriter.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{time.GetUtcNow():HH:mm:ss.fff} {LevelNames.Of(logEntry.LogLevel),-5} {category}  {message}{exception}"));
    }
}
