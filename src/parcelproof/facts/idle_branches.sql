-- One row: a shipment that waited long for its pickup while its branch collected from no other shop: from three hours after the declaration,
-- for a parcel may be handed over as late, to an hour before its own pickup, which the truck of that pickup made. Nobody can tell there
-- whether the branch left it lying or the shop held it back. A branch that collects from no other shop at any time is not here.
with waits as (
    select pickup_sites.*
    from pickup_sites
    semi join slow_pickups on slow_pickups.shipment = pickup_sites.shipment
    where pickup_sites.site is not null and pickup_sites.withdrawn_at is null
)

select waits.shipment
from waits
semi join pickup_sites as customer
    on customer.carrier = waits.carrier and customer.site = waits.site and customer.merchant_id <> waits.merchant_id and customer.collected_at is not null
anti join pickup_sites as other
    on other.carrier = waits.carrier and other.site = waits.site and other.merchant_id <> waits.merchant_id
    and other.collected_at >= waits.declared_at + interval 3 hours
    and other.collected_at <= coalesce(waits.collected_at, $as_of) - interval 1 hour
