-- One row: a shipment whose order belongs to a brushing ring. Rings are found among the facts of all orders, so that this
-- table is empty until then, and filled only where a pack speaks of rings.
-- @later
select
    cast(null as bigint) as shipment,
    cast(null as varchar) as ring_id,
    cast(null as double) as ring_p_value,
    cast(null as boolean) as ring_shop_may_be_victim
where false
