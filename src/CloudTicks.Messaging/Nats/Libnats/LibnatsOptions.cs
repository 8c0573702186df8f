namespace CloudTicks.Messaging.Nats.Libnats;

/// <summary>Creates the options that publishers' and subscribers' connections share.</summary>
internal static class LibnatsOptions
{
    private const int IOBufferBytes = 64 * 1024;

    public static LibnatsOptionsHandle Create(NatsConnectionSettings settings)
    {
        LibnatsException.ThrowIfFailed(LibnatsMethods.OptionsCreate(out var options), "create the options of a connection");
        try
        {
            Set(LibnatsMethods.OptionsSetServers(options, [.. settings.Servers], settings.Servers.Count));
            Set(LibnatsMethods.OptionsSetName(options, settings.ClientName));
            Set(LibnatsMethods.OptionsSetTimeout(options, Milliseconds(settings.ConnectTimeout)));
            Set(LibnatsMethods.OptionsSetIOBufSize(options, IOBufferBytes));
            // Without a deadline, a peer that accepts no bytes blocks the writer, which holds the library's lock, until TCP gives up.
            Set(LibnatsMethods.OptionsSetWriteDeadline(options, 2 * Milliseconds(settings.PingInterval)));
            if (settings.UserName is not null)
                Set(LibnatsMethods.OptionsSetUserInfo(options, settings.UserName, settings.Password ?? ""));
            if (settings.Token is not null)
                Set(LibnatsMethods.OptionsSetToken(options, settings.Token));
            if (settings.Secure)
                Set(LibnatsMethods.OptionsSetSecure(options, true));
            if (settings.Authority is not null)
                Set(LibnatsMethods.OptionsSetCaTrustedCertificates(options, settings.Authority));
            if (settings.ServerName is not null)
                Set(LibnatsMethods.OptionsSetExpectedHostname(options, settings.ServerName));
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }

        void Set(LibnatsStatus status) => LibnatsException.ThrowIfFailed(status, $"set the options of a connection to {settings}");
    }

    public static long Milliseconds(TimeSpan time) => Math.Max(1, (long)time.TotalMilliseconds);
}
