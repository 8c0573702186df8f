namespace Aspire.Hosting;

internal static class PostgresBuilderExtensions
{
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder, string name, int port) =>
        ((DistributedApplicationBuilder)builder).Add(new PostgresServerResource(name, port));

    /// <summary>Sets the container image in the manifest; the local server is always TimescaleDB on PostgreSQL 17.</summary>
    public static IResourceBuilder<PostgresServerResource> WithImage(
        this IResourceBuilder<PostgresServerResource> builder, string image, string tag) =>
        image.EndsWith("/timescaledb", StringComparison.Ordinal) && tag.EndsWith("-pg17", StringComparison.Ordinal)
            ? builder.Describe(server => server.Image = $"docker.io/{image}:{tag}")
            : throw new ArgumentException($"The local server is TimescaleDB on PostgreSQL 17, not {image}:{tag}.", nameof(image));

    /// <summary>Adds the data volume to the manifest; the local server always keeps its data.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(this IResourceBuilder<PostgresServerResource> builder) =>
        builder.Describe(server => server.HasVolume = true);

    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string databaseName)
    {
        var database = new PostgresDatabaseResource(name, databaseName, builder.Resource);
        database.Awaited.Add(builder.Resource);
        return ((DistributedApplicationBuilder)builder.ApplicationBuilder).Add(database);
    }

    private static IResourceBuilder<PostgresServerResource> Describe(
        this IResourceBuilder<PostgresServerResource> builder, Action<PostgresServerResource> describe)
    {
        describe(builder.Resource);
        return builder;
    }
}
