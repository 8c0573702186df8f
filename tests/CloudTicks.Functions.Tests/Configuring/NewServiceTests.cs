using System.Text;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Access;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Store;
using CloudTicks.CentralHub.Tests.Documents;
using CloudTicks.Functions.Configuring;
using CloudTicks.Functions.Rollouts;
using CloudTicks.Messaging;
using CloudTicks.ServiceDocuments.Collector;
using CloudTicks.ServiceDocuments.Functions;
using CloudTicks.TestServices;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Schema;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Functions.Tests.Configuring;

/// <summary>The central hub treats a service that is not built in like the built-in ones.</summary>
public sealed class NewServiceTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly Caller Writer = new("boss", AccessRole.Writer);

    private IHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:timescale", await postgres.CreateDatabaseAsync(Cancellation)),
            new("ConnectionStrings:nats", "nats://127.0.0.1:1"),
            new("CentralHub:Defaults:mailer", """{"operational":{"pause":2}}"""),
        ]);
        builder.Services.AddMetrics()
            .AddSingleton(new DocumentCatalog([new CollectorDefinition(), new MailerDefinition(), new FunctionsDefinition()]))
            .AddTimescale(builder.Configuration).AddCentralHubStore().AddNatsPublisher().AddDocuments().AddRollouts();
        _host = builder.Build();
        await _host.Services.GetRequiredService<SchemaMigrator>().MigrateAsync(Cancellation);
    }

    public async ValueTask DisposeAsync() => await ((IAsyncDisposable)_host).DisposeAsync();

    [Fact]
    public async Task Document_of_a_new_service_is_read_changed_refused_and_listed()
    {
        var documentHandler = _host.Services.GetRequiredService<DocumentHandler>();
        var changeHandler = _host.Services.GetRequiredService<ChangeHandler>();
        var instanceHandler = _host.Services.GetRequiredService<InstanceHandler>();

        var before = await RespondAsync(http => documentHandler.GetAsync("mailer", http.Request, Cancellation));
        var refused = await RespondAsync(
            http => changeHandler.PatchAsync("mailer", Writer, http.Request, Cancellation), """{"operational":{"max_letters":1}}""");
        var changed = await RespondAsync(
            http => changeHandler.PatchAsync("mailer", Writer, http.Request, Cancellation), """{"operational":{"max_letters":20}}""");
        var reported = await RespondAsync(
            http => instanceHandler.ReportAsync("mailer", "host-1", http.Request, Cancellation),
            """{"version":1,"state":"current","figures":{"letters":3}}""");
        var list = await RespondAsync(_ => instanceHandler.ListAsync(Cancellation));
        var schema = await RespondAsync(_ => documentHandler.SchemaAsync("mailer", Cancellation));

        before.ToJsonString().ShouldBe("""{"operational":{"max_letters":10,"pause":2}}""");
        refused["errors"]!.ToJsonString().ShouldContain("One letter needs no pause.");
        changed["version"]!.GetValue<int>().ShouldBe(1);
        changed["changes"]!.ToJsonString().ShouldContain("the mailer changes");
        reported["version"]!.GetValue<int>().ShouldBe(1);
        list["services"]!.AsArray().Select(service => service!["service"]!.GetValue<string>())
            .ShouldBe(["polygon-live-collector", "mailer", "tick-functions"]);
        list["services"]![1]!["instances"]![0]!["figures"]!["letters"]!.GetValue<double>().ShouldBe(3);
        schema["properties"]!["operational"]!["properties"]!["max_letters"]!["maximum"]!.GetValue<int>().ShouldBe(100);
    }

    [Fact]
    public async Task Rollouts_belong_to_the_collectors_by_default()
    {
        var rollouts = await RespondAsync(http => _host.Services.GetRequiredService<RolloutView>().ListAsync(http.Request, Cancellation));

        rollouts["service"]!.GetValue<string>().ShouldBe("polygon-live-collector");
    }

    /// <summary>
    /// Calls a handler, and repeats the call while the response is 503: on a busy machine the database may need more time than the hub
    /// gives it.
    /// </summary>
    private async Task<JsonNode> RespondAsync(Func<HttpContext, Task<IActionResult>> handler, string body = "")
    {
        while (true)
        {
            var http = new DefaultHttpContext { RequestServices = _host.Services };
            http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
            using var response = new MemoryStream();
            http.Response.Body = response;
            await (await handler(http)).ExecuteResultAsync(new ActionContext(http, new RouteData(), new ActionDescriptor()));
            await http.Response.CompleteAsync();
            if (http.Response.StatusCode != StatusCodes.Status503ServiceUnavailable)
            {
                return JsonNode.Parse(response.ToArray())!;
            }
        }
    }
}
