namespace Aspire.Hosting;

internal static class NatsBuilderExtensions
{
    public static IResourceBuilder<NatsServerResource> AddNats(this IDistributedApplicationBuilder builder, string name, int port) =>
        ((DistributedApplicationBuilder)builder).Add(new NatsServerResource(name, port));
}
