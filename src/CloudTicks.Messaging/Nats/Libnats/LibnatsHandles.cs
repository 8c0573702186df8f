using System.Runtime.InteropServices;

namespace CloudTicks.Messaging.Nats.Libnats;

internal sealed class LibnatsOptionsHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibnatsMethods.OptionsDestroy(handle);
        return true;
    }
}

/// <summary>A <c>natsConnection*</c>. Releasing it closes the connection.</summary>
internal sealed class LibnatsConnectionHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibnatsMethods.ConnectionDestroy(handle);
        return true;
    }
}

/// <summary>A <c>natsSubscription*</c>. Releasing it ends the subscription.</summary>
internal sealed class LibnatsSubscriptionHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibnatsMethods.SubscriptionDestroy(handle);
        return true;
    }
}
