using CloudTicks.CentralHub.Access;
using Microsoft.Extensions.Options;
using ServiceDefaults.Access;
using ServiceDefaults.Clients;

namespace CloudTicks.Dashboard.Sessions;

internal static class SessionsExtensions
{
    private const string Route = "/api/page/session";
    private const int MaxBodyBytes = 4 * 1024;

    /// <exception cref="FormatException">
    /// The dashboard has no key for the central hub, but needs one to check the users' keys: it listens on more than loopback, or its
    /// settings require keys.
    /// </exception>
    public static void AddSessions(this WebApplicationBuilder builder)
    {
        if (ListeningSettings.RequiresKeys(builder.Configuration) && string.IsNullOrWhiteSpace(builder.Configuration[ServiceKey.Variable]))
        {
            throw new FormatException(
                "The dashboard listens on more than loopback, or Listening__RequireKeys is set: every user needs a key of the central hub, "
                    + $"and so does the dashboard. Set {ServiceKey.Variable} to a reader's key (cloudticks keys create dashboard --role "
                    + "reader), or listen on loopback (ASPNETCORE_URLS=http://127.0.0.1:8080) and do not set Listening__RequireKeys.");
        }

        builder.Services.AddListenerFilter().AddSingleton<PageCookie>().AddSingleton<SessionStore>().AddSingleton<SignInLimiter>()
            .AddSingleton<SessionRoutes>().AddSingleton<PageGate>()
            .AddSingleton(
                provider =>
                    new HubKeys(
                        provider.GetRequiredService<IOptions<DashboardOptions>>().Value.Functions,
                        provider.GetRequiredService<TimeProvider>()));
    }

    public static void UsePageGate(this WebApplication app) => app.UseMiddleware<PageGate>();

    public static void MapSessions(this IEndpointRouteBuilder app)
    {
        app.MapGet(Route, (HttpContext context, SessionRoutes routes) => routes.CreateResponse(context))
            .WithMetadata(new OpenWithoutSignIn());
        app.MapPost(Route, (HttpContext context, SignInRequest request, SessionRoutes routes) => routes.SignInAsync(context, request))
            .WithMetadata(new OpenWithoutSignIn(), new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MaxBodyBytes));
        app.MapDelete(Route, (HttpContext context, SessionRoutes routes) => routes.SignOut(context)).WithMetadata(new OpenWithoutSignIn());
    }
}
