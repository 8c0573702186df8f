using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.Hosting;

/// <summary>The response of <c>/health</c>: plain text, or JSON for requests with <c>Accept: application/json</c>.</summary>
public static class HealthText
{
    private static readonly JsonSerializerOptions Json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>Writes the report. As text: the status, one line for each check that is not healthy, and the data of all checks.</summary>
    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var names = context.RequestServices.GetService<SettingNames>() ?? SettingNames.Plain;
        if (context.Request.Headers.Accept.ToString().Contains("json", StringComparison.OrdinalIgnoreCase))
        {
            return context.Response.WriteAsJsonAsync(Response(report, names), Json, context.RequestAborted);
        }

        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(Text(report, names), context.RequestAborted);
    }

    private static string Text(HealthReport report, SettingNames names)
    {
        var text = new StringBuilder(report.Status.ToString());
        foreach (var (name, check) in report.Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{name}: {Sentence(check.Description, names)}");
        }

        var details = report.Entries.SelectMany(
            entry => entry.Value.Data.Select(fact => Counted.Agree($"\n{fact.Key}: {fact.Value}"))).ToArray();
        return (details.Length == 0 ? text : text.Append('\n').AppendJoin("", details).Append('\n')).ToString();
    }

    private static string Sentence(string? text, SettingNames names) => Counted.Agree(names.ReplaceIn(text ?? ""));

    private static HealthResponse Response(HealthReport report, SettingNames names) => new(
        report.Status.ToString(),
        report.Entries.ToDictionary(
            entry => entry.Key,
            entry => new CheckResponse(
                entry.Value.Status.ToString(), entry.Value.Description is { } text ? Sentence(text, names) : null,
                entry.Value.Data.ToDictionary(fact => fact.Key, fact => (string?)Counted.Agree($"{fact.Value}")))));
}

/// <summary>The JSON response of <c>/health</c>, in snake_case.</summary>
/// <param name="Status"><c>Healthy</c>, <c>Degraded</c> or <c>Unhealthy</c>; each check has a status as well.</param>
public sealed record HealthResponse(string? Status, IReadOnlyDictionary<string, CheckResponse>? Checks);

/// <summary>The result of one check.</summary>
/// <param name="Facts">The data that the check reports in any state, by name.</param>
public sealed record CheckResponse(string? Status, string? Description, IReadOnlyDictionary<string, string?>? Facts);
