using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ServiceDefaults.Tests.Logs;

/// <summary>Collects the output of a formatter for the lines logged to it.</summary>
internal sealed class FormattedLines(ConsoleFormatter formatter) : ILogger
{
    private string _text = "";

    /// <summary>The only line, without its line end.</summary>
    public string Line => _text.Split('\n') is [var line, ""] ? line : throw new InvalidOperationException($"Not one line: {_text}");

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatMessage)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        formatter.Write(
            new LogEntry<TState>(logLevel, "CloudTicks.Collection.Intake.Batcher", eventId, state, exception, formatMessage), null, writer);
        _text += writer;
    }
}
