namespace CloudTicks.EventHub.Settings;

internal static class HelpText
{
    public const string Text = """
        CloudTicks.EventHub: a durable Kafka-protocol broker on one node

          CloudTicks.EventHub --data DIR [options]

          --data DIR                  data folder, created when it does not exist
          --port N                    port of the Kafka protocol, 0 selects a free one (9092)
          --listen ADDRESS            address to listen on (127.0.0.1); other than loopback needs users, tokens or client certificates
          --advertise HOST:PORT       address that clients connect to (the name or address that the client used)
          --health-port N             port of /health and /alive on 127.0.0.1, 0 selects a free one (9093)
          --default-partitions N      partitions of a topic that is created without a partition count (1)
          --users-file FILE           users that may log in, one name:password per line
          --tls-certificate FILE      PEM file of the certificate; enables TLS
          --tls-key FILE              PEM file of the certificate's key (the certificate's own file)
          --tls-client-ca FILE        PEM file of certificate authorities; clients must present a certificate from one of them
          --config FILE               JSON file of settings, { "EventHub": { "Port": 9092 } }
          --EventHub:NAME VALUE       any other setting; in the environment EventHub__NAME (docs/configuration.md)
          --log-level LEVEL           DEBUG, INFO, WARNING or ERROR (INFO)
          --log-json                  one JSON object per line
          --help                      show this help
          --version                   show the version

        The command line overrides the environment, which overrides the configuration file.
        Users are not accepted on the command line: use EventHub__Users__0__Name and EventHub__Users__0__Password, or a file.

        Examples:
          CloudTicks.EventHub --data /var/lib/eventhub
        For a network, with passwords and TLS:
          CloudTicks.EventHub --data /var/lib/eventhub --listen 0.0.0.0 --users-file users --tls-certificate hub.pem --tls-key hub.key
        For a network, with client certificates:
          CloudTicks.EventHub --data /var/lib/eventhub --listen 0.0.0.0 --tls-certificate hub.pem --tls-key hub.key --tls-client-ca ca.pem

        """ + "\n" + ServiceHelp.ExitCodes;
}
