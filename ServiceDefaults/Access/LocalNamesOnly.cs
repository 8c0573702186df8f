namespace ServiceDefaults.Access;

/// <summary>
/// A route without a key. While the service listens on loopback only, it accepts only local host names, to prevent DNS rebinding by web
/// pages.
/// </summary>
public sealed class LocalNamesOnly;
