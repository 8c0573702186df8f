using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Client;
using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests.Configuring;

/// <summary>
/// Tests another program's service in the central hub, from its registration to its removal, over HTTP and with the client.
/// </summary>
public sealed class RegisteredServiceTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string ServicesPath = "/../services";
    private const string MailerPath = ServicesPath + "/mailer";
    private const string DocumentPath = "/mailer";

    private readonly TemporaryFolder _folder = new();
    private TestSystem _system = null!;
    private FunctionsProcess _functions = null!;
    private HubClient _hub = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _system = await TestSystem.StartAsync(postgres);
        await StartHubAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _hub.Dispose();
        _folder.Dispose();
        await _system.DisposeAsync();
    }

    [Fact]
    public async Task Service_is_registered_changed_followed_and_unregistered()
    {
        var dryRun = (await _hub.PutAsync($"{MailerPath}?dryRun=true", Registration(100))).Is(HttpStatusCode.OK);
        (await _hub.GetAsync(DocumentPath)).Is(HttpStatusCode.NotFound).Text.ShouldContain("PUT /api/v1/services/{service}");
        var registered = (await _hub.PutAsync(MailerPath, Registration(100))).Is(HttpStatusCode.OK);
        var repeated = (await _hub.PutAsync(MailerPath, Registration(100))).Is(HttpStatusCode.OK);
        (dryRun.Json["state"]!.ToString(), registered.Json["state"]!.ToString(), repeated.Json["state"]!.ToString())
            .ShouldBe(("registered", "registered", "unchanged"));

        var defaults = (await _hub.GetAsync(DocumentPath)).Is(HttpStatusCode.OK);
        (defaults.Version, defaults.Text).ShouldBe((0, """{"smtp":{"host":"localhost"},"letters":10}"""));
        await using var client = new ConfigClient("mailer", [], new ConfigClientOptions { Endpoint = _hub.Address, Folder = _folder.Path });
        await using var followed = client.FollowAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        (await followed.MoveNextAsync()).ShouldBeTrue();

        (await _hub.PostAsync(DocumentPath, """{"letters":101}""")).Is(HttpStatusCode.BadRequest).Text.ShouldContain("/letters");
        var change = (await _hub.PostAsync($"{DocumentPath}?comment=more", """{"letters":50,"smtp":{"host":"mail"}}"""))
            .Is(HttpStatusCode.OK);
        change.Json["changes"]!.AsArray().Select(line => line!.ToString())
            .ShouldBe(["smtp.host: localhost -> mail", "letters: 10 -> 50"]);
        await UntilLettersAsync(followed, 50);

        await UntilReportedAsync(1);
        var service = await StatusAsync();
        service["version"]!.GetValue<int>().ShouldBe(1);
        service["revision"]!.GetValue<int>().ShouldBe(1);
        service["registered"].ShouldNotBeNull();
        var instance = service["instances"]![0]!;
        instance["since"]!.ToString().ShouldEndWith("Z");
        instance["since_ms"]!.GetValue<long>().ShouldBeLessThanOrEqualTo(instance["reported_ms"]!.GetValue<long>());

        (await _hub.PostAsync($"{DocumentPath}/rollback/0", null)).Is(HttpStatusCode.OK).Version.ShouldBe(2);
        (await _hub.GetAsync($"{DocumentPath}/history")).Json["versions"]!.AsArray().Select(version => version!["action"]!.ToString())
            .ShouldBe(["rollback", "patch"]);
        (await _hub.GetAsync(MailerPath)).Json["schema"]!["properties"]!["letters"]!["maximum"]!.GetValue<int>().ShouldBe(100);
        (await _hub.GetAsync($"{DocumentPath}/schema")).Text.ShouldContain("maximum");
        // After the removal the client keeps the document that it followed last.
        await UntilLettersAsync(followed, 10);

        var waiting = _hub.GetAsync($"{DocumentPath}?wait=60", (await _hub.GetAsync(DocumentPath)).Tag);
        var removed = (await _hub.DeleteAsync(MailerPath)).Is(HttpStatusCode.OK);
        removed.Json["followers"]!.AsArray().ShouldHaveSingleItem();
        (await waiting).Is(HttpStatusCode.NotFound);
        (await _hub.DeleteAsync(MailerPath)).Is(HttpStatusCode.NotFound);
        (await client.GetConfigAsync(Cancellation))["letters"]!.GetValue<int>().ShouldBe(10);

        (await _hub.PutAsync(MailerPath, Registration(5, 1))).Is(HttpStatusCode.OK);
        var current = (await _hub.GetAsync(DocumentPath)).Is(HttpStatusCode.OK);
        (current.Version, current.Json["letters"]!.GetValue<int>()).ShouldBe((3, 1));
        (await _hub.GetAsync("/../audit")).Text.ShouldContain("service.unregister");
    }

    [Fact]
    public async Task Invalid_registration_is_refused_with_place_and_reason()
    {
        foreach (var (name, status, part) in ((string, HttpStatusCode, string)[])
        [
            ("tick-functions", HttpStatusCode.Conflict, "one of CloudTicks"),
            ("polygon-live-collector", HttpStatusCode.Conflict, "one of CloudTicks"),
            ("cloudticks-mailer", HttpStatusCode.BadRequest, "not with 'cloudticks'"),
            ("Mailer", HttpStatusCode.BadRequest, "not a valid service name"),
        ])
        {
            (await _hub.PutAsync($"{ServicesPath}/{name}", Registration(100))).Is(status).Text.ShouldContain(part);
            (await _hub.DeleteAsync($"{ServicesPath}/{name}")).Status.ShouldBeOneOf(HttpStatusCode.Conflict, HttpStatusCode.NotFound);
        }

        foreach (var (body, pointer) in ((string, string)[])
        [
            ("""{"schema":{}}""", "/defaults"),
            ("""{"schema":{},"defaults":{},"owner":"me"}""", "/owner"),
            ("""{"schema":{"format":"email"},"defaults":{}}""", "/schema/format"),
            ("""{"schema":{"required":["a"]},"defaults":{}}""", "/defaults/a"),
            ("""{"schema":{},"defaults":{"api_key":"x"}}""", "/defaults/api_key"),
        ])
        {
            (await _hub.PutAsync(MailerPath, body)).Is(HttpStatusCode.BadRequest).Json["errors"]!.AsArray()
                .Select(error => error!["pointer"]!.ToString()).ShouldContain(pointer);
        }

        (await _hub.GetAsync(MailerPath)).Is(HttpStatusCode.NotFound);
        await _system.ExecuteAsync(
            "INSERT INTO service_registrations SELECT 's' || n, 1, '{}', '{}', 'test', 0, 0 FROM generate_series(1, 100) n");
        (await _hub.PutAsync(MailerPath, Registration(100))).Is(HttpStatusCode.Conflict).Text.ShouldContain("100 services are registered");
        (await _hub.PutAsync($"{ServicesPath}/s7", Registration(100))).Is(HttpStatusCode.OK);
        (await _hub.DeleteAsync($"{ServicesPath}/s8")).Is(HttpStatusCode.OK);
        (await _hub.PutAsync(MailerPath, Registration(100))).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Schema_must_accept_the_document_in_force()
    {
        (await _hub.PutAsync(MailerPath, Registration(100))).Is(HttpStatusCode.OK);
        var waiting = _hub.GetAsync($"{DocumentPath}?wait=60", (await _hub.GetAsync(DocumentPath)).Tag);
        (await _hub.PutAsync(MailerPath, Registration(100, 11))).Is(HttpStatusCode.OK);
        (await waiting).Is(HttpStatusCode.OK).Json["letters"]!.GetValue<int>().ShouldBe(11);
        (await _hub.PostAsync(DocumentPath, """{"letters":50}""")).Is(HttpStatusCode.OK);

        var refused = (await _hub.PutAsync(MailerPath, Registration(20))).Is(HttpStatusCode.BadRequest);

        refused.Json["title"]!.ToString().ShouldContain("Version 1 of mailer is in force and does not satisfy the schema");
        refused.Json["errors"]!.ToJsonString().ShouldContain("""{"pointer":"/document/letters","detail":"It is 50; the allowed range is 1 to 20."}""");
        (await StatusAsync())["revision"]!.GetValue<int>().ShouldBe(2);
        (await _hub.PutAsync(MailerPath, Registration(60))).Is(HttpStatusCode.OK).Json["state"]!.ToString().ShouldBe("changed");
        (await _hub.PostAsync(DocumentPath, """{"letters":61}""")).Is(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Feature_flag_applies_per_user_and_can_be_rolled_back()
    {
        const string Flags = """{"feature_management":{"feature_flags":[{"id":"beta","enabled":false}]}}""";
        (await _hub.PutAsync(MailerPath, $$"""{"schema":{},"defaults":{{Flags}}}""")).Is(HttpStatusCode.OK);
        await using var client = new ConfigClient("mailer", [], new ConfigClientOptions { Endpoint = _hub.Address, Folder = _folder.Path });
        (await client.IsOnAsync("beta", "user-1", cancellationToken: Cancellation)).ShouldBeFalse();

        (await _hub.PostAsync("/../rollouts/beta?service=mailer", """{"percentage":25}""")).Is(HttpStatusCode.OK);
        (await _hub.PostAsync("/../rollouts/beta?service=mailer", """{"percentage":100}""")).Is(HttpStatusCode.OK);
        await UntilReportedAsync(2);
        (await client.IsOnAsync("beta", "user-1", cancellationToken: Cancellation)).ShouldBeTrue();
        (await _hub.PostAsync("/../rollouts/beta/rollback?service=mailer", null)).Is(HttpStatusCode.OK);

        var rollouts = (await _hub.GetAsync("/../rollouts?service=mailer")).Is(HttpStatusCode.OK).Json;
        rollouts["rollouts"]![0]!["percentage"]!.GetValue<double>().ShouldBe(25);
        await UntilReportedAsync(3);
        var on = 0;
        for (var user = 0; user < 400; user++)
        {
            on += await client.IsOnAsync("beta", $"user-{user}", cancellationToken: Cancellation) ? 1 : 0;
        }

        on.ShouldBeInRange(60, 140);
        (await client.IsOnAsync("nowhere", cancellationToken: Cancellation)).ShouldBeFalse();
        (await _hub.PostAsync("/../rollouts/gamma?service=mailer", """{"percentage":1}""")).Is(HttpStatusCode.NotFound);
        (await _hub.PostAsync("/../rollouts/beta?service=nowhere", """{"percentage":1}""")).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Registration_is_atomic_despite_a_kill()
    {
        (await _hub.PutAsync(MailerPath, Registration(1, 1))).Is(HttpStatusCode.OK);
        var lastAcknowledged = 1;
        var enough = new TaskCompletionSource();
        var registering = Task.Run(
            async () =>
            {
                try
                {
                    for (var number = 2; ; number++)
                    {
                        (await _hub.PutAsync(MailerPath, Registration(number, number))).Is(HttpStatusCode.OK);
                        lastAcknowledged = number;
                        if (number == 20)
                        {
                            enough.SetResult();
                        }
                    }
                }
                catch (HttpRequestException)
                {
                    // The process was killed.
                }
            },
            Cancellation);
        await Task.WhenAny(enough.Task, registering);

        await _functions.KillAsync();
        await registering;
        _hub.Dispose();
        await StartHubAsync();

        var registration = (await _hub.GetAsync(MailerPath)).Is(HttpStatusCode.OK).Json;
        var number = registration["revision"]!.GetValue<int>();
        number.ShouldBeInRange(lastAcknowledged, lastAcknowledged + 1);
        registration["schema"]!["properties"]!["letters"]!["maximum"]!.GetValue<int>().ShouldBe(number);
        registration["defaults"]!["letters"]!.GetValue<int>().ShouldBe(number);
        (await _system.QueryAsync<long>("SELECT count(*) FROM audit_log WHERE action = 'service.register'")).ShouldBe(number);
    }

    /// <summary>
    /// Creates a registration whose schema limits <c>letters</c>. <c>smtp</c> is nested, to test the description of changes in an object.
    /// </summary>
    private static string Registration(int maxLetters, int letters = 10) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"schema":{"type":"object","additionalProperties":false,"required":["letters"],"properties":{
          "smtp":{"type":"object","properties":{"host":{"type":"string","minLength":1} } },
          "letters":{"type":"integer","minimum":1,"maximum":{{maxLetters}},"description":"A day"} } },
         "defaults":{"smtp":{"host":"localhost"},"letters":{{letters}} } }
        """);

    private async Task StartHubAsync()
    {
        _functions = await _system.StartFunctionsAsync();
        await _functions.UntilHealthAsync(200);
        _hub = new HubClient(await _functions.AddressAsync(), isPatient: true);
    }

    private async Task<JsonNode> StatusAsync() => (await _hub.GetAsync(ServicesPath)).Is(HttpStatusCode.OK).Json["services"]!.AsArray()
        .Single(service => service!["service"]!.ToString() == "mailer")!;

    /// <summary>
    /// Reads documents until one has the given letters. The first ones may be the safe defaults, or the same document twice.
    /// </summary>
    private static async Task UntilLettersAsync(IAsyncEnumerator<JsonObject> followed, int letters)
    {
        while (followed.Current["letters"]?.GetValue<int>() != letters)
        {
            (await followed.MoveNextAsync()).ShouldBeTrue();
        }
    }

    private Task UntilReportedAsync(int version) => _system.UntilAsync(async () =>
        (await StatusAsync())["instances"]!.AsArray() is [{ } one] && one["version"]!.GetValue<int>() == version
            ? null : string.Create(CultureInfo.InvariantCulture, $"version {version} is not reported yet"));
}
