using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServiceDefaults.Access;

namespace ServiceDefaults.Tests;

public class HealthTextTests
{
    private static readonly Dictionary<string, object> Facts = new() { ["spool"] = "empty" };

    [Fact]
    public async Task Health_reports_facts_of_passed_checks()
    {
        var text = await GetHealthAsync(HealthCheckResult.Healthy(data: Facts), null);

        text.ShouldBe("Healthy\n\nspool: empty\n");
    }

    [Fact]
    public async Task Health_names_failing_checks_first() =>
        (await GetHealthAsync(HealthCheckResult.Degraded("one symbol is stale", data: Facts), null))
            .ShouldBe("Degraded\npolygon: one symbol is stale\n\nspool: empty\n");

    [Fact]
    public async Task Health_is_JSON_on_request()
    {
        using var response = JsonDocument.Parse(
            await GetHealthAsync(HealthCheckResult.Degraded("one symbol is stale", data: Facts), "application/json"));

        response.RootElement.GetProperty("status").GetString().ShouldBe("Degraded");
        var check = response.RootElement.GetProperty("checks").GetProperty("polygon");
        check.GetProperty("description").GetString().ShouldBe("one symbol is stale");
        check.GetProperty("facts").GetProperty("spool").GetString().ShouldBe("empty");
    }

    private static async Task<string> GetHealthAsync(HealthCheckResult result, string? accept)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddListenerFilter().AddHealthChecks().AddCheck("polygon", () => result);
        await using var app = builder.Build();
        app.UseServiceDefaults();
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{app.Urls.Single()}/health"));
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
