using System.Text;
using Beyla.Routing;

namespace Beyla.Core.Tests.Routing;

/// <summary>Bounds on the rates that docs/routes.md reports; the trainer measures them on far more words.</summary>
public class WordModelTests
{
    private const int Samples = 5000;

    [Theory]
    [InlineData(5, 0.06)]
    [InlineData(8, 0.02)]
    [InlineData(12, 0.005)]
    [InlineData(20, 0.001)]
    public void Few_random_letters_pass_for_a_word(int length, double limit)
    {
        var random = new Random(11);
        var passed = 0;
        for (var i = 0; i < Samples; i++)
        {
            passed += WordModel.IsWord(Encoding.ASCII.GetBytes(random.GetString("abcdefghijklmnopqrstuvwxyz", length))) ? 1 : 0;
        }

        Assert.InRange(passed, 0, Samples * limit);
    }

    [Fact]
    public void Words_of_several_languages_pass_in_any_case()
    {
        const string Words =
            """
            account address administrator application archive article attachment authentication balance basket benchmark calendar category
            certificate checkout collection comment community company contact contract country coupon credential currency customer dashboard
            delivery department discount document download employee environment exchange feedback folder gallery history inventory invoice
            language library location manager measurement merchant message notification operation organization password payment permission
            photo policy preference product profile project promotion provider purchase question receipt recommendation region reminder
            report request reservation resource response restaurant revision schedule security service session shipping statistics
            subscription supplier support survey template territory ticket transaction translation vehicle vendor voucher warehouse
            benutzer bestellung rechnung einstellungen kunde lieferung verwaltung zahlung compte commande facture livraison panier
            pedido cliente pago factura usuario carrito utente fattura ordine prodotto conto bestelling gebruiker klant kund faktura
            """;

        var missed = Words.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(word => new[] { word, word.ToUpperInvariant(), char.ToUpperInvariant(word[0]) + word[1..] })
            .Where(word => !WordModel.IsWord(Encoding.ASCII.GetBytes(word)));

        Assert.Empty(missed);
    }

    [Theory]
    [InlineData("graphql", true)]
    [InlineData("GraphQL", true)]
    [InlineData("http", true)]
    [InlineData("qxz", true)]
    [InlineData("qxzk", false)]
    public void Exceptions_and_short_ones_pass(string word, bool passes) =>
        Assert.Equal(passes, WordModel.IsWord(Encoding.ASCII.GetBytes(word)));
}
