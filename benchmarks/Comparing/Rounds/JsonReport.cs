using System.Text.Json;

namespace CloudTicks.Benchmarks.Comparing.Rounds;

/// <summary>The output of <c>--json</c>: one object on one line, with the results and the table that docs/performance.md shows.</summary>
public static class JsonReport
{
    /// <summary>The serializer options, which determine the spelling of the members.</summary>
    public static JsonSerializerOptions SerializerOptions { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The processors and the runtime, for the header of a report.</summary>
    public static string Machine => $"{Environment.ProcessorCount} processors, .NET {Environment.Version}";

    /// <summary>Writes the report.</summary>
    /// <param name="failure">
    /// Why the figures are invalid, such as a lost tick; null if they are valid. A missed goal is not a failure.
    /// </param>
    public static void Write<T>(TextWriter writer, IReadOnlyList<T> results, ResultTable table, string? failure = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteLine(JsonSerializer.Serialize(
            new { Machine, Results = results, Table = table?.ToString(), Failure = failure }, SerializerOptions));
    }
}
