using System.Text.Json;

namespace CloudTicks.Benchmarks.Comparing.Rounds;

/// <summary>What <c>--json</c> prints: one object on one line, with the results and the table that docs/performance.md shows.</summary>
public static class JsonReport
{
    /// <summary>The spelling of its members.</summary>
    public static JsonSerializerOptions Form { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Processors and runtime, for the head of a report.</summary>
    public static string Machine => $"{Environment.ProcessorCount} processors, .NET {Environment.Version}";

    /// <summary>Writes it.</summary>
    /// <param name="failure">Why the figures do not count, such as a lost tick; null when they do. A missed goal is no failure.</param>
    public static void Write<T>(TextWriter writer, IReadOnlyList<T> results, ResultTable table, string? failure = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteLine(JsonSerializer.Serialize(new { Machine, Results = results, Table = table?.ToString(), Failure = failure }, Form));
    }
}
